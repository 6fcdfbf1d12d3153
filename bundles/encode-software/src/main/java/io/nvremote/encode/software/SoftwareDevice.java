// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.AccessUnitSink;
import io.nvremote.media.Codec;
import io.nvremote.media.Sampling;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The CPU as an encoder: admits streams and ends them all when it goes. Safe for any thread. */
final class SoftwareDevice implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SoftwareDevice.class);

    private static final Set<Codec> CODECS = Set.of(Codec.H264, Codec.AV1);

    private final SoftwareSettings settings;
    private final @Nullable OpenH264Library library;
    private final Clock clock;
    private final Set<SoftwareSession> open = new HashSet<>();
    private boolean closed;

    SoftwareDevice(SoftwareSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        library = library(settings.library());
    }

    /** Of H.264. Null: the one inside FFmpeg is taken. */
    private static @Nullable OpenH264Library library(SoftwareSettings.Library wanted) {
        if (wanted == SoftwareSettings.Library.FFMPEG) {
            return null;
        }
        try {
            return new OpenH264Library();
        } catch (StreamException e) {
            if (wanted == SoftwareSettings.Library.SYSTEM) {
                throw e;
            }
            LOG.atInfo()
                    .addKeyValue(Keys.CODE, e.code().name())
                    .addKeyValue(Keys.REASON, e.getMessage())
                    .log("the slower openh264 inside FFmpeg is used");
            return null;
        }
    }

    private Coder coder(EncodeSpec spec, Bitrate bitrate) {
        if (library != null && spec.codec().equals(Codec.H264)) {
            return LibraryCoder.open(library, spec.size(), spec.rate(), bitrate, settings.threads());
        }
        FfmpegEncoder encoder = spec.codec().equals(Codec.AV1) ? FfmpegEncoder.LIBAOM : FfmpegEncoder.OPENH264;
        return FfmpegCoder.open(encoder, spec.size(), spec.rate(), bitrate, settings.threads());
    }

    EncoderSession open(EncodeSpec spec, AccessUnitSink sink) {
        refuseWhatCanNotBe(spec);
        SoftwareSession session = new SoftwareSession(spec, sink, rate -> coder(spec, rate), clock, this::ended);
        admit(session);
        try {
            session.start();
        } catch (RuntimeException | Error e) {
            session.close();
            throw e;
        }
        return session;
    }

    /** Pictures in any memory will do: they are had by {@link io.nvremote.media.Frame#host()}. */
    private static void refuseWhatCanNotBe(EncodeSpec spec) {
        if (!CODECS.contains(spec.codec())) {
            throw new StreamException(
                    EncodeError.SPEC_REFUSED, "the software encoder makes h264 and av1: not " + spec.codec());
        }
        if (!spec.sampling().equals(Sampling.YUV420_8)) {
            throw new StreamException(
                    EncodeError.SPEC_REFUSED,
                    "the software encoder makes " + Sampling.YUV420_8 + " only: " + spec.sampling());
        }
        if (!PictureLoader.takes(spec.pictures().format())) {
            throw new StreamException(
                    EncodeError.SPEC_REFUSED,
                    "the software encoder takes BGRA, NV12 and I420: "
                            + spec.pictures().format().name());
        }
    }

    private synchronized void admit(SoftwareSession session) {
        if (closed) {
            throw new StreamException(EncodeError.DEVICE_LOST, "the software encoder is going away");
        }
        if (open.size() >= settings.sessionsMax()) {
            throw new StreamException(
                    EncodeError.DEVICE_FULL,
                    "the software encoder runs " + open.size() + " streams, sessions.max is " + settings.sessionsMax());
        }
        open.add(session);
    }

    private synchronized void ended(SoftwareSession session) {
        open.remove(session);
    }

    /** Ends all streams. Idempotent. */
    @Override
    public void close() {
        List<SoftwareSession> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(open);
        }
        left.forEach(SoftwareSession::close);
    }
}
