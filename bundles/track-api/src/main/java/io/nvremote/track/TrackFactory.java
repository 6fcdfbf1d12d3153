// SPDX-License-Identifier: Apache-2.0
package io.nvremote.track;

import io.nvremote.core.StreamException;
import org.osgi.annotation.versioning.ConsumerType;

/** Opens one kind of track. A service with the property {@link #NAME}. Safe for any thread. */
@ConsumerType
public interface TrackFactory {

    /** The service property with the track's name, unique in a session: {@code video}. */
    String NAME = "track.name";

    /** Whether a session is worth nothing without it: what keeps it from being opened then refuses the session. */
    default boolean essential() {
        return false;
    }

    /** Why no track could be opened now, in a few words for whoever asked for a session; empty: nothing is known against it. */
    default String refusal() {
        return "";
    }

    /** Tells what it would open tracks with. */
    default void report(TrackReport to) {}

    /**
     * Opens a track of a session that is being made: nothing is sent before {@link Track#up}. Must not wait for anybody.
     *
     * @throws StreamException if that can't be; nothing is left open then
     */
    Track open(TrackSession session);
}
