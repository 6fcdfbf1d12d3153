// SPDX-License-Identifier: Apache-2.0
package io.nvremote.viewer;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Opens one kind of track. A service with the property {@link #NAME}; of several with one name the highest ranking is used.
 * Grows only by default methods. Safe for any thread.
 */
@ConsumerType
public interface ViewerTrackFactory {

    /** The service property with the track's name, unique in a session: {@code video}, {@code audio}. */
    String NAME = "track.name";

    /** Whether a session is worth nothing without it: what keeps it from being opened then ends the session. */
    default boolean essential() {
        return false;
    }

    /** Whether a better one takes over in the middle of a session; else from the next one on. Needed where the peer keeps state. */
    default boolean replaceable() {
        return true;
    }

    /** Tracks open in rising order and close in falling order; what carries the messages of others has the lowest. */
    default int order() {
        return 0;
    }

    /**
     * Opens a track. Nothing is sent before {@link ViewerTrack#start}; must not wait for anybody.
     *
     * @throws io.nvremote.core.StreamException if that can't be; nothing is left open then
     */
    ViewerTrack open(TrackContext context);
}
