// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.Clock;
import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.decode.Decoder;
import io.nvremote.signaling.SignalDialer;
import io.nvremote.transport.Transport;
import io.nvremote.tunnel.TunnelProvider;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Requirement;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/** The client: wires what it is made of, then opens the page or starts the run without one. */
@Designate(ocd = ClientConfig.class)
@Component(
        service = ClientRole.class,
        immediate = true,
        configurationPid = ClientConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Requirement(
        namespace = BundleAssets.NAMESPACE,
        filter = "(osgi.webresource=io.nvremote.console)",
        effective = "active")
public final class ClientRole {

    private final Client client;
    private final AutoCloseable view;

    @Activate
    public ClientRole(
            ClientConfig config,
            BundleContext context,
            @Reference TunnelProvider tunnels,
            @Reference Transport transport,
            @Reference SignalDialer dialer,
            @Reference(
                            target = "(decode.codec=h264)",
                            cardinality = ReferenceCardinality.OPTIONAL,
                            policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    Decoder decoder) {
        ClientSettings settings = ClientSettings.of(config);
        if (settings.headless() && decoder == null) {
            throw new StreamException(CoreError.INVALID_CONFIGURATION, "view headless needs a decoder for h264");
        }
        SSLContext tls = Tls.trusting(settings.ca());
        Clock clock = Clock.system();
        client = new Client(
                new ControlPlane(settings.control(), tls),
                settings.door(),
                tls,
                dialer,
                new StreamServices(tunnels, transport, clock, settings.policy()));
        view = settings.headless() && decoder != null
                ? HeadlessThread.start(
                        new HeadlessRun(
                                client,
                                settings.run(),
                                new FormDriver(tls, settings.run().user()),
                                decoder,
                                clock),
                        context)
                : new LoopbackServer(
                        settings.pagePort(),
                        client,
                        new BundleAssets(context),
                        LoopbackServer.PageDoor.of(settings.pageUrlFile()));
    }

    @Deactivate
    void close() throws Exception {
        view.close();
        client.close();
    }
}
