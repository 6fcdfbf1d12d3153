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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which codec a stream is sent in: the one place that chooses. The host's own where the client decodes it, else what the client
 * does best of those that an encoder is here for. One that turns out not to work is left out until something changes that may mend it.
 * Safe for any thread; {@link #isOpen} and {@link #choose} belong to one.
 */
final class CodecChoice {

    private final Codec own;
    private final RankedServices<Encoder> encoders;
    private final Runnable unlisten;
    /** No encoder here makes them of the pictures that come now. */
    private final Set<Codec> notEncoded = ConcurrentHashMap.newKeySet();
    /** The client said that it decodes them, and does not. */
    private final Set<Codec> notDecoded = ConcurrentHashMap.newKeySet();
    /** Null until it tells. */
    private volatile @Nullable List<DecoderCapability> client;

    private volatile boolean open;
    private @Nullable Size chosenFor;

    CodecChoice(Codec own, RankedServices<Encoder> encoders) {
        this.own = own;
        this.encoders = encoders;
        this.unlisten = encoders.onChange(this::encodersChanged);
    }

    private void encodersChanged() {
        notEncoded.clear();
        open = true;
    }

    void clientDecodes(List<DecoderCapability> decoders) {
        notDecoded.clear();
        client = List.copyOf(decoders);
        open = true;
    }

    void notEncoded(Codec codec) {
        if (notEncoded.add(codec)) {
            open = true;
        }
    }

    void notDecoded(Codec codec) {
        if (notDecoded.add(codec)) {
            open = true;
        }
    }

    /** Whether there is a choice to be made for pictures of that size: the client has told, and something is new since the last. */
    boolean isOpen(Size size) {
        return client != null && (open || !size.equals(chosenFor));
    }

    /** For pictures of that size; empty if the client can't decode anything that can be made here. */
    Optional<Codec> choose(Size size) {
        if (!size.equals(chosenFor)) {
            notEncoded.clear(); // That was of another size.
        }
        chosenFor = size;
        open = false;
        List<Codec> possible = decoders().stream()
                .filter(decoder -> decoder.takes(size))
                .sorted(Comparator.comparing(
                                (DecoderCapability decoder) -> !decoder.codec().equals(own))
                        .thenComparing(decoder -> !decoder.hardware()))
                .map(DecoderCapability::codec)
                .toList();
        return possible.stream().filter(this::works).findFirst().or(() -> possible.stream()
                .filter(own::equals)
                .findFirst());
    }

    private boolean works(Codec codec) {
        return encoders.best(codec.name()).isPresent() && !notEncoded.contains(codec) && !notDecoded.contains(codec);
    }

    private List<DecoderCapability> decoders() {
        List<DecoderCapability> told = client;
        return told == null ? List.of() : told;
    }

    void close() {
        unlisten.run();
    }

    /** What the person is told where nothing could be chosen. */
    Trouble trouble(Size size) {
        List<DecoderCapability> decoders = decoders();
        String decodes = decoders.isEmpty()
                ? "nothing"
                : decoders.stream()
                        .map(decoder -> decoder.codec() + " up to " + decoder.largest())
                        .collect(Collectors.joining(", "));
        return new Trouble(
                HostError.NO_COMMON_CODEC.name(),
                "This host's screen is " + size + " and is sent as " + own + "; your client decodes " + decodes + ".");
    }
}
