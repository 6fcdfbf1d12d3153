// SPDX-License-Identifier: Apache-2.0
package io.nvremote.web.ports;

import io.nvremote.keys.KeyMaterial;
import java.time.Duration;
import java.util.Map;
import org.apache.felix.http.jetty.ConnectorFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Adds one TLS 1.3 port to the web server; the one that hosts dial asks for their certificate. Which key material it shows is
 * {@code server}, unless {@code keys.target} in the configuration chooses another. Safe for any thread.
 */
@Designate(ocd = TlsPortConfig.class, factory = true)
@Component(configurationPid = TlsPortConfig.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class TlsPort implements ConnectorFactory {

    /**
     * The longest head of a request, on every port. Identity providers give codes of 8 KiB and more, which come back in the
     * address, perhaps beside a proxy's headers; more than this is answered with 431.
     */
    static final int HEADER_BYTES = 32 * 1024;

    private final TlsPortSettings settings;
    private final KeyMaterial keys;

    @Activate
    public TlsPort(
            TlsPortConfig config,
            Map<String, ?> present,
            @Reference(name = "keys", target = "(" + KeyMaterial.NAME + "=server)") KeyMaterial keys) {
        settings = TlsPortSettings.of(config, present);
        this.keys = keys;
        FreePort.require(settings.address(), settings.port(), TlsPortConfig.PID);
    }

    @Override
    public Connector createConnector(Server server) {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setSslContext(keys.tls());
        tls.setIncludeProtocols("TLSv1.3");
        tls.setNeedClientAuth(settings.clientCertificate());
        tls.setSniRequired(false);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(HEADER_BYTES);
        // The cache finds a header by its whole line, letter by letter and whatever their case: that takes longer than
        // reading
        // it, and a token is not another one that differs in case.
        http.setHeaderCacheSize(0);
        // What fits the buffer goes out whole, with its length: in one TLS record and one system call instead of two.
        http.setOutputAggregationSize(http.getOutputBufferSize());
        http.addCustomizer(new SecureRequestCustomizer(false)); // Also hands the client's certificate to the request.
        ServerConnector connector =
                new ServerConnector(server, new SslConnectionFactory(tls, "http/1.1"), new HttpConnectionFactory(http));
        if (!settings.address().isEmpty()) {
            connector.setHost(settings.address());
        }
        connector.setPort(settings.port());
        connector.setIdleTimeout(Duration.ofSeconds(90).toMillis());
        return connector;
    }
}
