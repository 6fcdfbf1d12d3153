// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.input.InputSink;
import io.nvremote.lib.plugins.PluginUsers;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.telemetry.MetricReport;
import io.nvremote.telemetry.MetricSource;
import io.nvremote.track.Track;
import io.nvremote.track.TrackFactory;
import io.nvremote.track.TrackReport;
import io.nvremote.track.TrackSession;
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

/** The input of this host. Input sinks come and go under it. */
@Component(
        service = {TrackFactory.class, MetricSource.class},
        immediate = true,
        configurationPid = HostConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = TrackFactory.NAME + "=" + InputTrackFactory.NAMED)
public final class InputTrackFactory implements TrackFactory, MetricSource {

    static final String NAMED = "input";

    private final @Nullable BundleContext context;
    private final RankedServices<InputSink> sinks;
    private final StreamPlan plan;
    private final ServiceWatch watch;
    private final PluginUsers<InputTrack> open = new PluginUsers<>();

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable PluginFailures plugins;

    @Activate
    public InputTrackFactory(BundleContext context, HostConfig config, Map<String, Object> present) {
        this.context = context;
        this.sinks = new RankedServices<>();
        this.plan = HostSettings.of(config, present).plan();
        this.watch = new PluginWatch(NAMED, () -> plugins, sinks);
    }

    InputTrackFactory(RankedServices<InputSink> sinks, StreamPlan plan, ServiceWatch watch) {
        this.context = null;
        this.sinks = sinks;
        this.plan = plan;
        this.watch = watch;
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            updated = "inputCame",
            unbind = "inputGone")
    void inputCame(ServiceReference<InputSink> reference) {
        sinks.add(ServiceCandidate.of(context, reference, "input.sink"));
    }

    void inputGone(ServiceReference<InputSink> reference) {
        sinks.remove(ServiceCandidate.id(reference));
        open.letGo(ServiceCandidate.id(reference));
    }

    PluginUsers<InputTrack> open() {
        return open;
    }

    @Override
    public void report(TrackReport to) {
        PluginWatch.report(sinks, "sinks", to);
    }

    @Override
    public void report(MetricReport to) {
        watch.report(to);
    }

    @Override
    public Track open(TrackSession session) {
        InputTrack track = new InputTrack(session, sinks, plan, watch, open::remove);
        open.add(track);
        return track;
    }
}
