// SPDX-License-Identifier: Apache-2.0
package io.nvremote.web.ports;

import java.io.IOException;
import java.util.Dictionary;
import java.util.Hashtable;
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
        service = {},
        immediate = true,
        configurationPid = LocalPortConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class LocalPort {

    private static final String SERVER = "org.apache.felix.http";
    private static final String ADDRESS = "127.0.0.1";

    private final Configuration server;

    @Activate
    @SuppressWarnings("JdkObsolete") // ConfigurationAdmin takes a Dictionary
    public LocalPort(LocalPortConfig config, @Reference ConfigurationAdmin configurations) throws IOException {
        int port = LocalPortSettings.of(config).port();
        FreePort.require(ADDRESS, port, LocalPortConfig.PID);
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
        server.update(settings);
    }

    @Deactivate
    void close() throws IOException {
        server.delete();
    }
}
