// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import io.nvremote.media.Codec;
import io.nvremote.media.Size;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/** Codecs that NVENC makes, by the names that it has for them. */
enum NvencCodec {
    H264(Codec.H264, "6bc82762-4e63-4ca4-aa85-1e50f321f6bf", "e7cbc309-4f7a-4b89-af2a-d537c92be310"),
    HEVC(Codec.HEVC, "790cdc88-4522-4d7b-9425-bda9975f7603", "b514c39a-b55b-40fa-878f-f1253b4dfdec"),
    AV1(Codec.AV1, "0a352289-0aa7-4759-862d-5d15cd16d254", "5f2a39f5-f14e-4f95-9a9e-b76d568fcf97");

    /** MaxDpbMbs of level 5.1 (ISO/IEC 14496-10, table A-1), and the most pictures of any level. */
    private static final int MOST_DPB_MACROBLOCKS = 184_320;

    private static final int MOST_H264_REFERENCES = 16;
    private static final int HEVC_REFERENCES = 5;
    private static final int AV1_REFERENCES = 8;

    private final String codec;
    private final String guid;
    private final String profile;

    NvencCodec(Codec codec, String guid, String profile) {
        this.codec = codec.name();
        this.guid = guid;
        this.profile = profile;
    }

    static Optional<NvencCodec> of(Codec codec) {
        return Arrays.stream(values())
                .filter(each -> each.codec.equals(codec.name()))
                .findFirst();
    }

    /** By the name that NVENC has for it. Not by {@code Guid.equals}: a record's makes the JDK remember its class, and with it the bundle. */
    static Optional<NvencCodec> of(UUID guid) {
        return Arrays.stream(values())
                .filter(each -> each.guid().name().equals(guid))
                .findFirst();
    }

    Guid guid() {
        return Guid.of(guid);
    }

    /** High for H.264, main for the others. */
    Guid profile() {
        return Guid.of(profile);
    }

    /** How many pictures are kept to refer to: the more, the longer ago a loss may be that costs no key frame. */
    int references(Size size) {
        return switch (this) {
            case H264 -> {
                int macroblocks = ((size.width() + 15) / 16) * ((size.height() + 15) / 16);
                yield Math.clamp(MOST_DPB_MACROBLOCKS / macroblocks, 1, MOST_H264_REFERENCES);
            }
            case HEVC -> HEVC_REFERENCES;
            case AV1 -> AV1_REFERENCES;
        };
    }

    @Override
    public String toString() {
        return codec;
    }
}
