// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.track.Track;
import io.nvremote.track.TrackFactory;
import io.nvremote.track.TrackSession;
import org.osgi.service.component.annotations.Component;

/** What the client is told of how the stream goes. */
@Component(property = TrackFactory.NAME + "=statistics")
public final class StatisticsTrackFactory implements TrackFactory {

    @Override
    public Track open(TrackSession session) {
        return new StatisticsTrack(session);
    }
}
