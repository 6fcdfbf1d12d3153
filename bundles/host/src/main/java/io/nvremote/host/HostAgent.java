// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Clock;
import io.nvremote.core.SessionId;
import io.nvremote.gpu.GpuSensor;
import io.nvremote.identity.HostIdentity;
import io.nvremote.lib.services.Current;
import io.nvremote.lib.services.OtherVersion;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.runtime.Retiring;
import io.nvremote.runtime.Underway;
import io.nvremote.signaling.HostSessions;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalDialer;
import io.nvremote.telemetry.MetricReport;
import io.nvremote.telemetry.MetricSource;
import io.nvremote.track.TrackFactory;
import io.nvremote.transport.Transport;
import io.nvremote.tunnel.TunnelProvider;
import io.nvremote.updates.PluginFailures;
import io.nvremote.updates.RuntimeBundles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The host role, as a service so that a runtime can require it. What its sessions carry comes and goes under it. Replaced by another version of
 * itself it keeps its sessions until they end.
 */
@Designate(ocd = HostConfig.class)
@Component(
        immediate = true,
        service = {HostAgent.class, HostSessions.class, MetricSource.class, Retiring.class, Underway.class},
        configurationPid = HostConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class HostAgent implements HostSessions, MetricSource, Retiring, Underway {

    private final BundleContext context;
    private final HostSettings settings;
    private final RankedServices<TrackFactory> tracks = new RankedServices<>();
    private final Current<HostIdentity> identity = new Current<>();
    private final Current<SignalDialer> dialer = new Current<>();
    private final Current<TunnelProvider> tunnels = new Current<>();
    private final Current<Transport> transport = new Current<>();
    private final PluginWatch watch;
    private final HostRole role;
    private volatile @Nullable StatusPage page;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable PluginFailures plugins;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable GpuSensor gpu;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable RuntimeBundles bundles;

    @Activate
    public HostAgent(BundleContext context, HostConfig config, Map<String, Object> present) throws IOException {
        this.context = context;
        settings = HostSettings.of(config, present);
        HostSensors figures = new HostSensors(Clock.system(), () -> gpu);
        watch = new PluginWatch("tracks", () -> plugins, tracks);
        role = new HostRole(
                settings,
                new HostServices(
                        identity,
                        dialer,
                        () -> bundles,
                        new OtherVersions(() -> OtherVersion.services(context, HostSessions.class))),
                new SessionParts(tunnels, transport, tracks, settings.plan().silence(), watch),
                figures);
        openPage();
    }

    private void openPage() throws IOException {
        page = settings.statusPort() < 0 ? null : StatusPage.open(role, settings.data(), settings.statusPort());
    }

    private void closePage() throws IOException {
        StatusPage open = page;
        page = null;
        if (open != null) {
            open.close();
        }
    }

    @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindIdentity(HostIdentity next) {
        identity.set(next);
        role.identityChanged();
    }

    void unbindIdentity(HostIdentity gone) {
        identity.unset(gone);
    }

    @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindDialer(SignalDialer next) {
        dialer.set(next);
        role.dialerChanged();
    }

    void unbindDialer(SignalDialer gone) {
        dialer.unset(gone);
    }

    /** For sessions that begin from now on. */
    @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindTunnels(TunnelProvider next) {
        tunnels.set(next);
    }

    void unbindTunnels(TunnelProvider gone) {
        tunnels.unset(gone);
    }

    /** For sessions that begin from now on. */
    @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindTransport(Transport next) {
        transport.set(next);
    }

    void unbindTransport(Transport gone) {
        transport.unset(gone);
    }

    /** Begins when everything is bound. */
    @Activate
    void start() {
        role.start();
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            updated = "trackCame",
            unbind = "trackGone")
    void trackCame(ServiceReference<TrackFactory> reference) {
        if (OtherVersion.isOf(context.getBundle(), reference.getBundle())) {
            return; // They go with its own sessions.
        }
        tracks.add(ServiceCandidate.of(context, reference, TrackFactory.NAME));
    }

    void trackGone(ServiceReference<TrackFactory> reference) {
        tracks.remove(ServiceCandidate.id(reference));
        if (context.getBundle().getState() != Bundle.STOPPING) { // Else all sessions end in a moment, and say why.
            role.desk().trackGone(ServiceCandidate.id(reference));
        }
    }

    @Override
    public void retire() {
        role.retire();
        try {
            closePage();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void resume() {
        try {
            openPage();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        role.resume();
    }

    @Override
    public Set<SessionId> sessions() {
        return role.desk().ids();
    }

    @Override
    public void received(Signal signal) {
        role.take(signal);
    }

    @Override
    public void speakBy(Consumer<Signal> line) {
        role.speakBy(line);
    }

    @Override
    public Map<SessionId, Map<String, Object>> describe() {
        return role.desk().describe();
    }

    @Override
    public void report(MetricReport to) {
        role.report(to);
        watch.report(to);
    }

    @Override
    public List<String> underway() {
        return role.underway();
    }

    @Deactivate
    void close() throws IOException {
        role.close();
        closePage();
    }
}
