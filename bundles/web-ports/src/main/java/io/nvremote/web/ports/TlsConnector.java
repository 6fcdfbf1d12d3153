// SPDX-License-Identifier: Apache-2.0
package io.nvremote.web.ports;

import io.nvremote.core.Clock;
import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** One TLS 1.3 port in Jetty, whose listening socket can be left to another one, with those who wait in its queue. Safe for any thread. */
final class TlsConnector extends ServerConnector {

    private static final Duration SELECTED = Duration.ofSeconds(5);

    private final SslContextFactory.Server tls;
    private volatile BooleanSupplier borrowed = () -> false;

    TlsConnector(Server server, TlsPortSettings settings, SSLContext shown) {
        this(server, settings, tls(settings, shown));
    }

    private TlsConnector(Server server, TlsPortSettings settings, SslContextFactory.Server tls) {
        // Without threads that accept: those would take one more connection after the socket was left.
        super(server, null, null, null, 0, -1, new SslConnectionFactory(tls, "http/1.1"), http());
        server.setErrorHandler(new ErrorBodies());
        this.tls = tls;
        if (!settings.address().isEmpty()) {
            setHost(settings.address());
        }
        setPort(settings.port());
        setIdleTimeout(Duration.ofSeconds(90).toMillis());
    }

    private static SslContextFactory.Server tls(TlsPortSettings settings, SSLContext shown) {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setSslContext(shown);
        tls.setIncludeProtocols("TLSv1.3");
        tls.setNeedClientAuth(settings.clientCertificate());
        tls.setSniRequired(false);
        return tls;
    }

    private static HttpConnectionFactory http() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(TlsPort.HEADER_BYTES);
        // The cache finds a header by its whole line, letter by letter and whatever their case: that takes longer than
        // reading it, and a token is not another one that differs in case.
        http.setHeaderCacheSize(0);
        // What fits the buffer goes out whole, with its length: in one TLS record and one system call instead of two.
        http.setOutputAggregationSize(http.getOutputBufferSize());
        http.addCustomizer(new SecureRequestCustomizer(false)); // Also hands the client's certificate to the request.
        return new HttpConnectionFactory(http);
    }

    /**
     * Takes a listening socket over, before it starts.
     *
     * @param wanted whether who left it could still take it back: then this one doesn't close it
     */
    void listenAt(ServerSocketChannel listening, BooleanSupplier wanted) {
        borrowed = wanted;
        try {
            open(listening);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From the next handshake on. */
    void show(SSLContext shown) {
        try {
            tls.reload(factory -> factory.setSslContext(shown));
        } catch (Exception e) { // Jetty's signature
            throw new StreamException(CoreError.INVALID_CONFIGURATION, "key material can't be shown: " + e, e);
        }
    }

    /**
     * Takes no more connections, until {@link #listenAgain}. Those that are there are served on.
     *
     * @return the socket, open, in whose queue they wait who dial
     */
    ServerSocketChannel leave() {
        ServerSocketChannel listening = (ServerSocketChannel) getTransport();
        if (isAccepting()) {
            await(listening, true);
            setAccepting(false);
            await(listening, false);
        }
        return listening;
    }

    /** Takes connections again, from the same socket, which nobody else accepts from any more. */
    void listenAgain() {
        setAccepting(true);
        await((ServerSocketChannel) getTransport(), true);
    }

    /** Its selector takes it up, and lets go of it, a moment later; told to do both in one turn, Jetty would close it. */
    private static void await(ServerSocketChannel listening, boolean registered) {
        Clock clock = Clock.system();
        long since = clock.nanos();
        while (listening.isRegistered() != registered) {
            if (clock.nanos() - since > SELECTED.toNanos()) {
                throw new IllegalStateException("the port's selector does not answer");
            }
            clock.sleep(Duration.ofMillis(1));
        }
    }

    @Override
    protected void doStop() throws Exception {
        if (borrowed.getAsBoolean()) {
            setAccepting(false); // What is not accepted from when the port stops stays open.
        }
        super.doStop();
    }
}
