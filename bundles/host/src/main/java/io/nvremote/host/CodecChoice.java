// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.encode.Encoder;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.media.Codec;
import io.nvremote.media.DecoderCapability;
import io.nvremote.media.Size;
import io.nvremote.stream.StreamMessage.Trouble;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which codec a stream is sent in: the one place that chooses. The host's own where the client decodes it, else what the client
 * does best of those that an encoder is here for. Safe for any thread.
 */
final class CodecChoice {

    private final Codec own;
    private final RankedServices<Encoder> encoders;
    /** Until it tells. */
    private volatile List<DecoderCapability> client =
            List.of(new DecoderCapability(Codec.H264, new Size(16384, 16384), false));

    CodecChoice(Codec own, RankedServices<Encoder> encoders) {
        this.own = own;
        this.encoders = encoders;
    }

    void clientDecodes(List<DecoderCapability> decoders) {
        client = List.copyOf(decoders);
    }

    /** For pictures of that size; empty if the client can't decode anything that can be made here. */
    Optional<Codec> choose(Size size) {
        Stream<Codec> possible = client.stream()
                .filter(decoder -> decoder.takes(size))
                .sorted(Comparator.comparing(
                                (DecoderCapability decoder) -> !decoder.codec().equals(own))
                        .thenComparing(decoder -> !decoder.hardware()))
                .map(DecoderCapability::codec);
        return possible.filter(codec ->
                        codec.equals(own) || encoders.best(codec.name()).isPresent())
                .findFirst();
    }

    /** What the person is told where nothing could be chosen. */
    Trouble trouble(Size size) {
        String decodes = client.isEmpty()
                ? "nothing"
                : client.stream()
                        .map(decoder -> decoder.codec() + " up to " + decoder.largest())
                        .collect(Collectors.joining(", "));
        return new Trouble(
                HostError.NO_COMMON_CODEC.name(),
                "This host's screen is " + size + " and is sent as " + own + "; your client decodes " + decodes + ".");
    }
}
