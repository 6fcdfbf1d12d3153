// SPDX-License-Identifier: Apache-2.0
package com.acme.encoder;

import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.AccessUnitSink;
import io.nvremote.media.Codec;
import io.nvremote.media.Frame;
import io.nvremote.media.Sampling;
import io.nvremote.media.Size;
import io.nvremote.media.StageStamps;

/** One stream: checks what it is handed, keeps the rate, and leaves native memory to {@link OpenH264}. */
final class AcmeSession implements EncoderSession {

    /** What openh264 accepts. */
    private static final long LEAST_BITS = 100_000;

    private static final long MOST_BITS = 240_000_000;

    private final EncodeSpec spec;
    private final AccessUnitSink sink;
    private OpenH264 encoder;
    private Bitrate inForce;
    private volatile Bitrate wanted;
    private boolean closed;

    AcmeSession(EncodeSpec spec, AccessUnitSink sink) {
        if (!spec.codec().equals(Codec.H264)) {
            throw new StreamException(EncodeError.SPEC_REFUSED, "this encoder makes h264 only: " + spec.codec());
        }
        if (!spec.sampling().equals(Sampling.YUV420_8)
                || !OpenH264.takes(spec.pictures().format())) {
            throw new StreamException(
                    EncodeError.SPEC_REFUSED,
                    "this encoder makes 4:2:0 in 8 bits of BGRA, NV12 or I420: " + spec.sampling() + " of "
                            + spec.pictures());
        }
        this.spec = spec;
        this.sink = sink;
        this.wanted = clamped(spec.bitrate());
        this.inForce = wanted;
        this.encoder = new OpenH264(spec.size(), spec.rate(), inForce);
    }

    @Override
    public synchronized void encode(Frame frame, boolean forceKeyFrame) {
        if (closed) {
            throw new StreamException(EncodeError.DEVICE_LOST, "the session is closed");
        }
        Size size = frame.size();
        if (!size.equals(spec.size())) {
            throw new StreamException(EncodeError.FRAME_REFUSED, "pictures are " + spec.size() + ": " + size);
        }
        if (!wanted.equals(inForce)) {
            // openh264 ignores a new rate while it runs: a fresh one begins with a key frame.
            encoder.close();
            inForce = wanted;
            encoder = new OpenH264(spec.size(), spec.rate(), inForce);
        }
        encoder.load(frame.host());
        StageStamps stamps = frame.stamps().converted(Clock.system().nanos());
        boolean key = encoder.encode(forceKeyFrame);
        try {
            sink.accept(new AccessUnit(
                    Codec.H264,
                    encoder.unit(),
                    key,
                    frame.sequence(),
                    stamps.encoded(Clock.system().nanos())));
        } finally {
            encoder.release();
        }
    }

    @Override
    public Bitrate retarget(Bitrate target) {
        Bitrate next = clamped(target);
        wanted = next;
        return next;
    }

    private static Bitrate clamped(Bitrate rate) {
        return new Bitrate(Math.clamp(rate.bitsPerSecond(), LEAST_BITS, MOST_BITS));
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            encoder.close();
        }
    }
}
