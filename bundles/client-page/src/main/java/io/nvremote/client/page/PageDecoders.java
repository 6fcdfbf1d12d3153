// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvremote.media.Codec;
import io.nvremote.media.DecoderCapability;
import io.nvremote.media.Size;
import io.nvremote.stream.StreamMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the open pages decode, as their browsers told. A stream goes to all of them: of each codec counts what every page takes.
 * Safe for any thread.
 */
final class PageDecoders {

    private final Map<Object, List<DecoderCapability>> told = new LinkedHashMap<>();

    /** A page tells; what it told before counts no more. */
    synchronized void told(Object page, JsonNode decoders) {
        List<DecoderCapability> read = new ArrayList<>();
        for (JsonNode one : decoders) {
            String codec = one.path("codec").asText();
            int width = one.path("width").asInt();
            int height = one.path("height").asInt();
            if (!codec.matches("[a-z0-9]{1,16}")
                    || !Size.valid(width, height)
                    || read.size() == StreamMessage.Hello.MAX_DECODERS) {
                throw PageInput.malformed("a decoder that is none");
            }
            read.add(new DecoderCapability(
                    new Codec(codec),
                    new Size(width, height),
                    one.path("hardware").asBoolean()));
        }
        told.put(page, List.copyOf(read));
    }

    synchronized void closed(Object page) {
        told.remove(page);
    }

    /** In the order of the page that told first; empty while none has. */
    synchronized List<DecoderCapability> common() {
        List<DecoderCapability> all = null;
        for (List<DecoderCapability> one : told.values()) {
            all = all == null ? one : both(all, one);
        }
        return all == null ? List.of() : all;
    }

    private static List<DecoderCapability> both(List<DecoderCapability> first, List<DecoderCapability> second) {
        List<DecoderCapability> both = new ArrayList<>();
        for (DecoderCapability a : first) {
            second.stream()
                    .filter(b -> b.codec().equals(a.codec()))
                    .findFirst()
                    .ifPresent(b -> both.add(new DecoderCapability(
                            a.codec(),
                            new Size(
                                    Math.min(a.largest().width(), b.largest().width()),
                                    Math.min(a.largest().height(), b.largest().height())),
                            a.hardware() && b.hardware())));
        }
        return both;
    }
}
