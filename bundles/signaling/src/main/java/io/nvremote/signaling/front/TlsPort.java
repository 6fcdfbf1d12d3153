// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.front;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.GeneralSecurityException;
import java.time.Duration;
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
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/** Adds one TLS 1.3 port to the web server; the one that hosts dial asks for their certificate. Safe for any thread. */
@Designate(ocd = PortConfig.class, factory = true)
@Component(configurationPid = PortConfig.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class TlsPort implements ConnectorFactory {

    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    private final PortSettings settings;
    private final LiveKeys keys;

    @Activate
    public TlsPort(PortConfig config) {
        this(PortSettings.of(config));
    }

    TlsPort(PortSettings settings) {
        this.settings = settings;
        requireFree(settings);
        keys = new LiveKeys(settings.files(), LOOK_EVERY);
        keys.start();
    }

    /** The web server would tell of a taken port with a stack trace that names neither the setting nor the remedy. */
    private static void requireFree(PortSettings settings) {
        InetSocketAddress address = settings.address().isEmpty()
                ? new InetSocketAddress(settings.port())
                : new InetSocketAddress(settings.address(), settings.port());
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(address);
        } catch (IOException e) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    "TCP port " + settings.port() + " can't be opened (" + e.getMessage()
                            + "): stop the program that holds it, or change port or address of " + PortConfig.PID,
                    e);
        }
    }

    @Override
    public Connector createConnector(Server server) {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        try {
            tls.setSslContext(keys.context());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS 1.3", e);
        }
        tls.setIncludeProtocols("TLSv1.3");
        tls.setNeedClientAuth(settings.clientCertificate());
        tls.setSniRequired(false);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
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

    long stampInForce() {
        return keys.stampInForce();
    }

    @Deactivate
    void close() {
        keys.close();
    }
}
