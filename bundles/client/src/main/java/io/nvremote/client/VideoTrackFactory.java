// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.Clock;
import io.nvremote.lib.services.Current;
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
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Opens the pictures of a session. */
@Component(
        service = {ViewerTrackFactory.class, MetricSource.class},
        property = ViewerTrackFactory.NAME + "=video")
public final class VideoTrackFactory implements ViewerTrackFactory, MetricSource {

    private final Current<Transport> transport = new Current<>();
    private final Clock clock;
    private final Totals<VideoTrack> totals = new Totals<>(VideoFigures.ALL);

    /** For a runtime, which binds the transport. */
    @Activate
    public VideoTrackFactory() {
        clock = Clock.system();
    }

    VideoTrackFactory(Transport transport, Clock clock) {
        this.clock = clock;
        bindTransport(transport);
    }

    /** For streams that begin from now on. */
    @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindTransport(Transport next) {
        transport.set(next);
    }

    void unbindTransport(Transport gone) {
        transport.unset(gone);
    }

    @Override
    public boolean essential() {
        return true;
    }

    @Override
    public ViewerTrack open(TrackContext context) {
        VideoTrack track = new VideoTrack(context, transport.get(), clock, totals::closed);
        totals.opened(track);
        return track;
    }

    @Override
    public void report(MetricReport to) {
        totals.report(to);
    }
}
