// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.capture.CaptureSource;
import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.encode.Encoder;
import io.nvremote.gpu.GpuSensor;
import io.nvremote.identity.HostIdentity;
import io.nvremote.input.InputSink;
import io.nvremote.signaling.SignalDialer;
import io.nvremote.transport.Transport;
import io.nvremote.tunnel.TunnelProvider;
import io.nvremote.updates.PluginFailures;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The host role, as a service so that a runtime can require it. Encoders, picture sources and input sinks come and go under it. */
@Designate(ocd = HostConfig.class)
@Component(
        immediate = true,
        service = HostAgent.class,
        configurationPid = HostConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class HostAgent {

    private static final Logger LOG = LoggerFactory.getLogger(HostAgent.class);
    /** A bundle that stops waits this long for the streams to let go of what it offers. */
    private static final Duration LET_GO = Duration.ofMillis(1500);

    private final BundleContext context;
    private final RankedServices<CaptureSource> captures = new RankedServices<>();
    private final RankedServices<Encoder> encoders = new RankedServices<>();
    private final RankedServices<InputSink> inputs = new RankedServices<>();
    private final Services services = new Services();
    private final HostRole role;
    private final @Nullable StatusPage page;

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

    @Activate
    public HostAgent(
            BundleContext context,
            HostConfig config,
            Map<String, Object> present,
            @Reference HostIdentity identity,
            @Reference SignalDialer dialer,
            @Reference TunnelProvider tunnels,
            @Reference Transport transport)
            throws IOException {
        this.context = context;
        HostSettings settings = HostSettings.of(config, present);
        HostSensors figures = new HostSensors(Clock.system(), () -> gpu);
        role = new HostRole(
                settings,
                identity,
                dialer,
                new SessionParts(tunnels, transport, captures, encoders, inputs, settings.plan(), services),
                figures);
        page = settings.statusPort() < 0
                ? null
                : StatusPage.open(role, encoders, settings.data(), settings.statusPort());
        role.start();
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            unbind = "encoderGone")
    void encoderCame(ServiceReference<Encoder> reference) {
        encoders.add(offered(reference, "encode.codec"));
    }

    void encoderGone(ServiceReference<Encoder> reference) {
        encoders.remove(id(reference));
        role.desk().letGo(id(reference), LET_GO);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            unbind = "captureGone")
    void captureCame(ServiceReference<CaptureSource> reference) {
        ServiceCandidate<CaptureSource> candidate = offered(reference, "capture.source");
        boolean byNameOnly = Boolean.TRUE.equals(reference.getProperty("capture.byNameOnly"));
        captures.add(byNameOnly ? candidate : candidate.alsoAs(CaptureStage.AUTO));
    }

    void captureGone(ServiceReference<CaptureSource> reference) {
        captures.remove(id(reference));
        role.desk().letGo(id(reference), LET_GO);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            unbind = "inputGone")
    void inputCame(ServiceReference<InputSink> reference) {
        inputs.add(offered(reference, "input.sink"));
    }

    void inputGone(ServiceReference<InputSink> reference) {
        inputs.remove(id(reference));
        role.desk().letGo(id(reference), LET_GO);
    }

    /** A service may be a plugin's: what is done with it is told to those who know. */
    private final class Services implements ServiceWatch {

        @Override
        public void failed(ServiceCandidate<?> service, String reason) {
            LOG.atError()
                    .addKeyValue(Keys.PLUGIN, service)
                    .addKeyValue(Keys.REASON, reason)
                    .log("service failed and is set aside");
            encoders.setAside(service, reason);
            captures.setAside(service, reason);
            inputs.setAside(service, reason);
            PluginFailures to = plugins;
            if (to != null) {
                to.failed(service.bundleId(), reason);
            }
        }

        @Override
        public Runnable inUse(ServiceCandidate<?> service) {
            PluginFailures to = plugins;
            return to == null ? () -> {} : to.inUse(service.bundleId())::close;
        }
    }

    /** By reference: the component's code runs when a stream wants it, on that stream's thread, not on the one that registered it. */
    private <S> ServiceCandidate<S> offered(ServiceReference<S> reference, String kind) {
        var properties = FrameworkUtil.asMap(reference.getProperties());
        var bundle = reference.getBundle();
        return ServiceCandidate.of(
                () -> context.getService(reference),
                properties,
                kind,
                bundle.getBundleId(),
                bundle.getSymbolicName(),
                bundle.getVersion().toString());
    }

    private static long id(ServiceReference<?> reference) {
        return (Long) reference.getProperty("service.id");
    }

    @Deactivate
    void close() throws IOException {
        role.close();
        if (page != null) {
            page.close();
        }
    }
}
