// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.Clock;
import io.nvremote.telemetry.MetricReport;
import io.nvremote.telemetry.MetricSource;
import io.nvremote.telemetry.Totals;
import io.nvremote.transport.Transport;
import io.nvremote.viewer.TrackContext;
import io.nvremote.viewer.ViewerTrack;
import io.nvremote.viewer.ViewerTrackFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens the pictures of a session. */
@Component(
        service = {ViewerTrackFactory.class, MetricSource.class},
        property = ViewerTrackFactory.NAME + "=video")
public final class VideoTrackFactory implements ViewerTrackFactory, MetricSource {

    private final Transport transport;
    private final Clock clock;
    private final Totals<VideoTrack> totals = new Totals<>(VideoFigures.ALL);

    @Activate
    public VideoTrackFactory(@Reference Transport transport) {
        this(transport, Clock.system());
    }

    VideoTrackFactory(Transport transport, Clock clock) {
        this.transport = transport;
        this.clock = clock;
    }

    @Override
    public boolean essential() {
        return true;
    }

    @Override
    public ViewerTrack open(TrackContext context) {
        VideoTrack track = new VideoTrack(context, transport, clock, totals::closed);
        totals.opened(track);
        return track;
    }

    @Override
    public void report(MetricReport to) {
        totals.report(to);
    }
}
