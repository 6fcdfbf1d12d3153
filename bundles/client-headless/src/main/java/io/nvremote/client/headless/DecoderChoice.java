// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import io.nvremote.core.Clock;
import io.nvremote.decode.DecodeError;
import io.nvremote.decode.Decoder;
import io.nvremote.lib.plugins.PhaseIn;
import io.nvremote.lib.services.PluginCalls;
import io.nvremote.lib.services.PluginFault;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.media.Codec;
import io.nvremote.media.FrameSink;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which decoders one stream may ask, best first. Safe for any thread, {@link #want} and {@link #candidates} for one. */
final class DecoderChoice implements PhaseIn.Kind<Decoder, OpenDecoder> {

    /** A decoder that failed before is tried again this seldom, and only when there is nothing else. */
    private static final long LAST_RESORT_EVERY_NANOS = 1_000_000_000L;

    private final DecodeParts parts;
    private final FrameSink pictures;
    private final DecodeFigures figures;
    private final PluginCalls opening;
    private final Clock clock = Clock.system();
    private volatile @Nullable Codec codec;
    private long lastResortNanos = clock.nanos() - LAST_RESORT_EVERY_NANOS;

    /** @param pictures takes those of what is opened */
    DecoderChoice(DecodeParts parts, FrameSink pictures, DecodeFigures figures) {
        this.parts = parts;
        this.pictures = pictures;
        this.figures = figures;
        this.opening = new PluginCalls("client-decoder-open", parts.limits().open());
    }

    /** What is decoded from now on; whether that is another codec than before. */
    boolean want(Codec wanted) {
        boolean other = !wanted.equals(codec);
        codec = wanted;
        return other;
    }

    @Override
    public Stream<ServiceCandidate<Decoder>> choices() {
        Codec wanted = codec;
        return wanted == null ? Stream.empty() : parts.decoders().choices(wanted.name()).stream();
    }

    /** The same, and when there is none now and then those that failed before. */
    List<ServiceCandidate<Decoder>> candidates() {
        Codec wanted = codec;
        List<ServiceCandidate<Decoder>> candidates = choices().toList();
        long now = clock.nanos();
        if (wanted != null && candidates.isEmpty() && now - lastResortNanos >= LAST_RESORT_EVERY_NANOS) {
            lastResortNanos = now;
            return parts.decoders().lastResorts(wanted.name()).toList();
        }
        return candidates;
    }

    @Override
    public @Nullable OpenDecoder open(ServiceCandidate<Decoder> candidate) {
        Codec wanted = codec;
        return wanted == null ? null : new OpenDecoder(candidate, wanted, pictures, parts.observer());
    }

    /** As {@link #open} in bounded time; null if it does not open, which has been told then. */
    @Nullable
    OpenDecoder openNow(ServiceCandidate<Decoder> candidate, Codec wanted) {
        try {
            return opening.make(() -> new OpenDecoder(candidate, wanted, pictures, parts.observer()));
        } catch (PluginFault e) {
            notOpened(candidate, e);
            return null;
        }
    }

    /** That it can't be had on this machine is no fault. */
    @Override
    public void notOpened(ServiceCandidate<Decoder> candidate, PluginFault why) {
        if (why.code() == DecodeError.CODEC_UNAVAILABLE) {
            parts.decoders().setAside(candidate, why.reason());
        } else {
            failed(candidate, String.valueOf(why.getMessage()));
        }
    }

    /** Of a decoder that was taken away meanwhile nothing is to be said. */
    @Override
    public void failed(ServiceCandidate<Decoder> candidate, String reason) {
        if (parts.decoders().holds(candidate)) {
            figures.failed();
            parts.observer().failed(candidate, reason);
        }
    }
}
