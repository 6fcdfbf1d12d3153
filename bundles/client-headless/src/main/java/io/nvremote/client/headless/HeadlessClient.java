// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import io.nvremote.core.Clock;
import io.nvremote.decode.Decoder;
import io.nvremote.lib.plugins.PluginObserver;
import io.nvremote.lib.plugins.PluginUsers;
import io.nvremote.lib.services.OtherVersion;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.runtime.Underway;
import io.nvremote.updates.PluginFailures;
import io.nvremote.viewer.Viewer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.annotation.bundle.Requirement;
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
 * The run without a page as one view of the client, begun where it is configured. Replaced by another version of itself it goes on; the other
 * one has the next run.
 */
@Designate(ocd = HeadlessConfig.class)
@Component(
        service = Underway.class,
        immediate = true,
        configurationPid = HeadlessConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Capability(namespace = "io.nvremote.viewer.view", attribute = "view=headless")
@Requirement(namespace = "io.nvremote.decode", filter = "(codec=*)", effective = "active")
public final class HeadlessClient implements Underway {

    private final RankedServices<Decoder> decoders = new RankedServices<>();
    private final PluginUsers<HeadlessView> views = new PluginUsers<>(DecodeStage.GOES_ON.plusMillis(500));
    private final HeadlessThread thread;
    private final BundleContext context;
    private volatile boolean begun;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable PluginFailures plugins;

    /** Begins nothing yet: decoders are bound after this. */
    @Activate
    public HeadlessClient(HeadlessConfig config, BundleContext context, @Reference Viewer viewer) {
        this.context = context;
        HeadlessSettings settings = HeadlessSettings.of(config);
        FormDriver driver = new FormDriver(settings.tls(), settings.user());
        DecodeParts parts =
                new DecodeParts(decoders, new PluginObserver(() -> plugins, decoders), settings.decoder(), views);
        thread = new HeadlessThread(new HeadlessRun(viewer, settings, driver, parts, Clock.system()), context);
    }

    @Reference(
            cardinality = ReferenceCardinality.AT_LEAST_ONE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            updated = "bindDecoder")
    void bindDecoder(ServiceReference<Decoder> reference) {
        decoders.add(ServiceCandidate.of(context, reference, "decode.codec"));
    }

    void unbindDecoder(ServiceReference<Decoder> reference) {
        decoders.remove(ServiceCandidate.id(reference));
        views.letGo(ServiceCandidate.id(reference));
    }

    @Activate
    void start() {
        if (!OtherVersion.isActive(context)) {
            begun = true;
            thread.start();
        }
    }

    @Override
    public List<String> underway() {
        return begun ? List.of("the run without a page") : List.of();
    }

    @Deactivate
    void close() {
        thread.close();
    }
}
