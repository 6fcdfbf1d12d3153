// SPDX-License-Identifier: Apache-2.0
package io.nvremote.viewer;

import io.nvremote.stream.StreamMessage;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One thing that a session carries: video, the pointer, input. Whatever it throws, and a call that does not return soon, costs the
 * track, not the session. Grows only by default methods.
 *
 * <p><b>Threads.</b> Called from any, {@link #message} one at a time; nothing but {@link #close} may block.
 */
@ConsumerType
public interface ViewerTrack extends AutoCloseable {

    /** From now on it is the one of its name: it gets what arrives and may send. Once. */
    void start();

    /** Whether the session may be shown as far as this track is concerned. */
    default boolean ready() {
        return true;
    }

    /** About four times a second while the session lives. */
    default void tick() {}

    /** A message of the host on the control channel; every track hears every message. */
    default void message(StreamMessage message) {}

    /** What it counted since it was opened, by names like {@code bytes_received}; never less than before. */
    Map<String, Long> counters();

    /** What it offers to views and to other tracks, by kind; asked once for each, and what is given may be used from any thread. */
    default <P> Optional<P> part(Class<P> kind) {
        return kind.isInstance(this) ? Optional.of(kind.cast(this)) : Optional.empty();
    }

    /** Stops, and gives everything back. Idempotent. */
    @Override
    void close();
}
