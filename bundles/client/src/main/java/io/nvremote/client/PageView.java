// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.viewer.Viewer;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Requirement;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The page as one view of the client: opened where the configuration asks for it. Knows the client by its API alone. */
@Component(
        service = {},
        immediate = true,
        configurationPid = ClientConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Requirement(
        namespace = BundleAssets.NAMESPACE,
        filter = "(osgi.webresource=io.nvremote.console)",
        effective = "active")
public final class PageView {

    private final @Nullable LoopbackServer server;

    @Activate
    public PageView(
            ClientConfig config, Map<String, Object> properties, BundleContext context, @Reference Viewer viewer) {
        ClientSettings settings = ClientSettings.of(config, properties);
        server = settings.page()
                ? new LoopbackServer(
                        settings.pagePort(),
                        viewer,
                        new BundleAssets(context),
                        LoopbackServer.PageDoor.of(settings.pageUrlFile()))
                : null;
    }

    @Deactivate
    void close() {
        if (server != null) {
            server.close();
        }
    }
}
