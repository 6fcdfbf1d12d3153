// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.capture.CaptureSource;
import io.nvremote.encode.Encoder;
import io.nvremote.lib.plugins.PluginUsers;
import io.nvremote.lib.services.Current;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.telemetry.MetricReport;
import io.nvremote.telemetry.MetricSource;
import io.nvremote.telemetry.Totals;
import io.nvremote.track.Track;
import io.nvremote.track.TrackFactory;
import io.nvremote.track.TrackReport;
import io.nvremote.track.TrackSession;
import io.nvremote.transport.Transport;
import io.nvremote.updates.PluginFailures;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The video of this host. Picture sources and encoders come and go under it. */
@Component(
        service = {TrackFactory.class, MetricSource.class},
        immediate = true,
        configurationPid = HostConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = TrackFactory.NAME + "=" + VideoTrackFactory.NAMED)
public final class VideoTrackFactory implements TrackFactory, MetricSource {

    static final String NAMED = "video";

    private final @Nullable BundleContext context;
    private final VideoParts parts;
    private final PluginUsers<VideoTrack> open = new PluginUsers<>();
    private final Current<Transport> transport = new Current<>();
    private final Totals<VideoMetrics> totals = new Totals<>(HostFigures.VIDEO);

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable PluginFailures plugins;

    @Activate
    public VideoTrackFactory(BundleContext context, HostConfig config, Map<String, Object> present) {
        this.context = context;
        RankedServices<CaptureSource> captures = new RankedServices<>();
        RankedServices<Encoder> encoders = new RankedServices<>();
        this.parts = new VideoParts(
                transport,
                captures,
                encoders,
                HostSettings.of(config, present).plan(),
                new PluginWatch(NAMED, () -> plugins, captures, encoders));
    }

    VideoTrackFactory(VideoParts parts) {
        this.context = null;
        this.parts = parts;
    }

    /** For streams that begin from now on. */
    @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindTransport(Transport next) {
        transport.set(next);
    }

    void unbindTransport(Transport gone) {
        transport.unset(gone);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            updated = "encoderCame",
            unbind = "encoderGone")
    void encoderCame(ServiceReference<Encoder> reference) {
        parts.encoders().add(ServiceCandidate.of(context, reference, "encode.codec"));
    }

    void encoderGone(ServiceReference<Encoder> reference) {
        parts.encoders().remove(ServiceCandidate.id(reference));
        open.letGo(ServiceCandidate.id(reference));
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            updated = "captureCame",
            unbind = "captureGone")
    void captureCame(ServiceReference<CaptureSource> reference) {
        ServiceCandidate<CaptureSource> candidate = ServiceCandidate.of(context, reference, "capture.source");
        boolean byNameOnly = Boolean.TRUE.equals(reference.getProperty("capture.byNameOnly"));
        parts.captures().add(byNameOnly ? candidate : candidate.alsoAs(CaptureStage.AUTO));
    }

    void captureGone(ServiceReference<CaptureSource> reference) {
        parts.captures().remove(ServiceCandidate.id(reference));
        open.letGo(ServiceCandidate.id(reference));
    }

    PluginUsers<VideoTrack> open() {
        return open;
    }

    @Override
    public boolean essential() {
        return true;
    }

    @Override
    public String refusal() {
        return parts.captures().best(parts.plan().capture()).isEmpty() ? "no picture source" : "";
    }

    @Override
    public void report(TrackReport to) {
        PluginWatch.report(parts.captures(), "sources", to);
        PluginWatch.report(parts.encoders(), "encoders", to);
    }

    @Override
    public Track open(TrackSession session) {
        VideoTrack track = new VideoTrack(session, parts, this::closed);
        totals.opened(track.metrics());
        open.add(track);
        return track;
    }

    private void closed(VideoTrack track) {
        open.remove(track);
        totals.closed(track.metrics());
    }

    @Override
    public void report(MetricReport to) {
        totals.report(to);
        parts.services().report(to);
    }
}
