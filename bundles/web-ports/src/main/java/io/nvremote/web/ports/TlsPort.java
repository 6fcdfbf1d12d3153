// SPDX-License-Identifier: Apache-2.0
package io.nvremote.web.ports;

import io.nvremote.keys.KeyMaterial;
import io.nvremote.runtime.Retiring;
import io.nvremote.runtime.Underway;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.felix.http.jetty.ConnectorFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Adds one TLS 1.3 port to the web server; the one that hosts dial asks for their certificate. Which key material it shows is
 * {@code server}, unless {@code keys.target} in the configuration chooses another. Who dials while another version takes its place waits
 * in the port's own queue and is answered by that; connections that are there stay with the version that took them. Safe for any thread.
 */
@Designate(ocd = TlsPortConfig.class, factory = true)
@Component(
        service = {ConnectorFactory.class, Retiring.class, Underway.class},
        configurationPid = TlsPortConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class TlsPort implements ConnectorFactory, Retiring, Underway {

    /**
     * The longest head of a request, on every port. Identity providers give codes of 8 KiB and more, which come back in the
     * address, perhaps beside a proxy's headers; more than this is answered with 431.
     */
    static final int HEADER_BYTES = 32 * 1024;

    private final TlsPortSettings settings;
    private final PortHandover handover;
    private @Nullable KeyMaterial keys; // these three are guarded by this
    private @Nullable TlsConnector connector;
    private boolean retired;

    @Activate
    public TlsPort(BundleContext context, TlsPortConfig config, Map<String, ?> present) {
        settings = TlsPortSettings.of(config, present);
        handover = new PortHandover(context, settings.address(), settings.port());
        if (!handover.isOffered()) {
            FreePort.require(settings.address(), settings.port(), TlsPortConfig.PID);
        }
    }

    /** Another provider of the same key material may take the place of the first: what it shows counts from the next handshake on. */
    @Reference(name = "keys", policy = ReferencePolicy.DYNAMIC, target = "(" + KeyMaterial.NAME + "=server)")
    synchronized void setKeys(KeyMaterial keys) {
        this.keys = keys;
        if (connector != null) {
            connector.show(keys.tls());
        }
    }

    @SuppressWarnings("ReferenceEquality") // The very service that goes.
    synchronized void unsetKeys(KeyMaterial gone) {
        if (keys == gone) {
            keys = null;
        }
    }

    @Override
    public synchronized Connector createConnector(Server server) {
        if (retired) {
            throw new IllegalStateException("the port went to another version of this bundle");
        }
        TlsConnector made = new TlsConnector(
                server,
                settings,
                Objects.requireNonNull(keys, "bound before it is used").tls());
        handover.take().ifPresent(listening -> made.listenAt(listening, handover::isOffered));
        connector = made;
        return made;
    }

    /** Leaves the port, open as it is, to another version. */
    @Override
    public synchronized void retire() {
        retired = true;
        if (connector != null && connector.isOpen()) {
            handover.offer(connector.leave());
        }
    }

    @Override
    public synchronized void resume() {
        retired = false;
        handover.withdraw();
        if (connector != null && connector.isOpen()) {
            connector.listenAgain();
        }
    }

    @Override
    public synchronized List<String> underway() {
        int open = connector == null ? 0 : connector.getConnectedEndPoints().size();
        return open == 0 ? List.of() : List.of(open == 1 ? "1 connection" : open + " connections");
    }

    @Deactivate
    synchronized void close() throws IOException {
        handover.end();
    }
}
