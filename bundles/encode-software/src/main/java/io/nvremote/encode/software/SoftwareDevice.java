// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.AccessUnitSink;
import io.nvremote.media.Codec;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The CPU as an encoder: admits streams and ends them all when it goes. Safe for any thread. */
final class SoftwareDevice implements AutoCloseable {

    private final SoftwareSettings settings;
    private final Clock clock;
    private final Set<SoftwareSession> open = new HashSet<>();
    private boolean closed;

    SoftwareDevice(SoftwareSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    EncoderSession open(EncodeSpec spec, AccessUnitSink sink) {
        if (!spec.codec().equals(Codec.H264)) {
            throw new StreamException(
                    EncodeError.SPEC_REFUSED, "the software encoder makes h264 only: " + spec.codec());
        }
        SoftwareSession session = new SoftwareSession(spec, sink, settings.threads(), clock, this::ended);
        admit(session);
        try {
            session.start();
        } catch (RuntimeException | Error e) {
            session.close();
            throw e;
        }
        return session;
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
