// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.track.Track;
import io.nvremote.track.TrackFactory;
import io.nvremote.track.TrackSession;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/** The pointer of this host's screen. */
@Component(
        configurationPid = HostConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = TrackFactory.NAME + "=cursor")
public final class CursorTrackFactory implements TrackFactory {

    private final StreamPlan plan;

    @Activate
    public CursorTrackFactory(HostConfig config, Map<String, Object> present) {
        this(HostSettings.of(config, present).plan());
    }

    CursorTrackFactory(StreamPlan plan) {
        this.plan = plan;
    }

    @Override
    public Track open(TrackSession session) {
        return new CursorTrack(session, plan);
    }
}
