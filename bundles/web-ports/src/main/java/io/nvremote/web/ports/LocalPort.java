// SPDX-License-Identifier: Apache-2.0
package io.nvremote.web.ports;

import io.nvremote.runtime.Retiring;
import java.io.IOException;
import java.util.Collections;
import java.util.Dictionary;
import java.util.Hashtable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Starts the web server with its one plain port, on the loopback address. The server takes its own port from its
 * configuration and never tries again when that is taken: so it gets its configuration from here, once the port is free.
 */
@Designate(ocd = LocalPortConfig.class)
@Component(
        service = Retiring.class,
        immediate = true,
        configurationPid = LocalPortConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class LocalPort implements Retiring {

    private static final String SERVER = "org.apache.felix.http";
    private static final String ADDRESS = "127.0.0.1";

    private final Bundle framework;
    private final Configuration server;
    private volatile boolean retired;

    @Activate
    @SuppressWarnings("JdkObsolete") // ConfigurationAdmin takes a Dictionary
    public LocalPort(BundleContext context, LocalPortConfig config, @Reference ConfigurationAdmin configurations)
            throws IOException {
        framework = context.getBundle(Constants.SYSTEM_BUNDLE_ID);
        int port = LocalPortSettings.of(config).port();
        Dictionary<String, Object> settings = new Hashtable<>();
        settings.put("org.apache.felix.http.enable", true);
        settings.put("org.apache.felix.http.host", ADDRESS);
        settings.put("org.osgi.service.http.port", port);
        settings.put("org.apache.felix.https.enable", false);
        settings.put("org.apache.felix.http.jetty.sendServerHeader", false);
        settings.put("org.apache.felix.http.jetty.headerBufferSize", TlsPort.HEADER_BYTES);
        settings.put("org.apache.felix.jetty.websocket.enable", true);
        settings.put("org.apache.felix.http.jetty.virtualthreads.enable", true);
        server = configurations.getConfiguration(SERVER, "?");
        if (!isServed(settings)) {
            FreePort.require(ADDRESS, port, LocalPortConfig.PID);
            server.update(settings);
        }
    }

    /** Another version of this bundle has the web server run just so. Written again it would start anew, under every socket. */
    private boolean isServed(Dictionary<String, Object> settings) {
        Dictionary<String, Object> now = server.getProperties();
        return now != null
                && Collections.list(settings.keys()).stream()
                        .allMatch(key -> settings.get(key).equals(now.get(key)));
    }

    /** The web server's configuration is another version's to take away. */
    @Override
    public void retire() {
        retired = true;
    }

    @Override
    public void resume() {
        retired = false;
    }

    /**
     * Takes the port away, unless another version has it now. Not while the runtime stops: the web server would start anew for that, under everything that is still
     * there, and no socket would hear why it ends. A runtime keeps no configurations of its last run.
     */
    @Deactivate
    void close() throws IOException {
        if (!retired && framework.getState() != Bundle.STOPPING) {
            server.delete();
        }
    }
}
