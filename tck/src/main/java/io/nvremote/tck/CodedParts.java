// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tck;

import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** What an access unit is made of, as far as decoding can begin with it: parameter sets, and pictures that need no other. */
final class CodedParts {

    private static final String KEY = "key picture";
    private static final String SEQUENCE = "sequence parameters";
    private static final String PICTURE = "picture parameters";
    private static final String VIDEO = "video parameters";

    /** ISO/IEC 14496-10 table 7-1. */
    private static final Map<Integer, String> H264 = Map.of(5, KEY, 7, SEQUENCE, 8, PICTURE);

    /** ISO/IEC 23008-2 table 7-1. */
    private static final Map<Integer, String> HEVC = Map.of(19, KEY, 20, KEY, 32, VIDEO, 33, SEQUENCE, 34, PICTURE);

    private static final int AV1_SEQUENCE_HEADER = 1;
    private static final int AV1_FRAME_HEADER = 3;
    private static final int AV1_FRAME = 6;

    private CodedParts() {}

    /** Those that a unit of that codec must have to be a key frame. */
    static List<String> ofKeyFrame(Codec codec) {
        if (codec.equals(Codec.H264)) {
            return List.of(SEQUENCE, PICTURE, KEY);
        }
        if (codec.equals(Codec.HEVC)) {
            return List.of(VIDEO, SEQUENCE, PICTURE, KEY);
        }
        if (codec.equals(Codec.AV1)) {
            return List.of(SEQUENCE, KEY);
        }
        throw new IllegalArgumentException("the contract knows no form of " + codec);
    }

    static List<String> of(AccessUnit unit) {
        ByteBuffer data = unit.data();
        if (unit.codec().equals(Codec.AV1)) {
            return obus(data);
        }
        return unit.codec().equals(Codec.HEVC)
                ? nals(data, header -> HEVC.get((header >> 1) & 0x3F))
                : nals(data, header -> H264.get(header & 0x1F));
    }

    /** Behind the start codes of annex B. */
    private static List<String> nals(ByteBuffer data, IntFunction<@Nullable String> name) {
        List<String> parts = new ArrayList<>();
        for (int i = data.position(); i + 3 < data.limit(); i++) {
            if (data.get(i) == 0 && data.get(i + 1) == 0 && data.get(i + 2) == 1) {
                add(parts, name.apply(data.get(i + 3)));
            }
        }
        return parts;
    }

    /** Of the low-overhead format (AV1 section 5.2), each with its size. */
    private static List<String> obus(ByteBuffer data) {
        List<String> parts = new ArrayList<>();
        for (int at = data.position(); at < data.limit(); ) {
            int header = data.get(at) & 0xFF;
            int begin = at + ((header & 4) == 0 ? 1 : 2);
            int size = 0;
            int more = 0x80;
            for (int shift = 0; (more & 0x80) != 0; shift += 7) {
                more = data.get(begin++);
                size |= (more & 0x7F) << shift;
            }
            int type = (header >> 3) & 15;
            boolean picture = type == AV1_FRAME || type == AV1_FRAME_HEADER;
            // Neither an existing frame shown again nor of another type than 0.
            boolean key = picture && (data.get(begin) & 0xE0) == 0;
            add(parts, key ? KEY : type == AV1_SEQUENCE_HEADER ? SEQUENCE : null);
            at = begin + size;
        }
        return parts;
    }

    private static void add(List<String> parts, @Nullable String part) {
        if (part != null && !parts.contains(part)) {
            parts.add(part);
        }
    }
}
