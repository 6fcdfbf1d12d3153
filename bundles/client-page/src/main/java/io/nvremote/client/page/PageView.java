// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import io.nvremote.viewer.Viewer;
import org.osgi.annotation.bundle.Capability;
import org.osgi.annotation.bundle.Requirement;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** The page as one view of the client, served where it is configured. */
@Designate(ocd = PageConfig.class)
@Component(
        service = {},
        immediate = true,
        configurationPid = PageConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Capability(namespace = "io.nvremote.viewer.view", attribute = "view=page")
@Requirement(
        namespace = BundleAssets.NAMESPACE,
        filter = "(osgi.webresource=io.nvremote.console)",
        effective = "active")
public final class PageView {

    private final LoopbackServer server;

    @Activate
    public PageView(PageConfig config, BundleContext context, @Reference Viewer viewer) {
        PageSettings settings = PageSettings.of(config);
        server = new LoopbackServer(
                settings.port(), viewer, new BundleAssets(context), LoopbackServer.PageDoor.of(settings.urlFile()));
    }

    @Deactivate
    void close() {
        server.close();
    }
}
