// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import io.nvremote.core.Clock;
import io.nvremote.decode.Decoder;
import io.nvremote.lib.services.OtherVersion;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.runtime.Underway;
import io.nvremote.viewer.Viewer;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.bundle.Capability;
import org.osgi.annotation.bundle.Requirement;
import org.osgi.framework.BundleContext;
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
    private final HeadlessThread thread;
    private final BundleContext context;
    private volatile boolean begun;

    /** Begins nothing yet: decoders are bound after this. */
    @Activate
    public HeadlessClient(HeadlessConfig config, BundleContext context, @Reference Viewer viewer) {
        this.context = context;
        HeadlessSettings settings = HeadlessSettings.of(config);
        FormDriver driver = new FormDriver(settings.tls(), settings.user());
        thread = new HeadlessThread(new HeadlessRun(viewer, settings, driver, decoders, Clock.system()), context);
    }

    @Reference(
            cardinality = ReferenceCardinality.AT_LEAST_ONE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            updated = "bindDecoder")
    void bindDecoder(Decoder decoder, Map<String, Object> properties) {
        decoders.add(ServiceCandidate.of(decoder, properties, "decode.codec"));
    }

    void unbindDecoder(Decoder decoder, Map<String, Object> properties) {
        decoders.remove(ServiceCandidate.id(properties));
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
