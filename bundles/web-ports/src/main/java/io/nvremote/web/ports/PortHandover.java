// SPDX-License-Identifier: Apache-2.0
package io.nvremote.web.ports;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/**
 * A listening socket on its way from one version of this bundle to another: a service of a type that both know, the JDK's own. Who
 * takes it accepts from it; it is open for as long as one of the two is there. Guarded by its port.
 */
final class PortHandover {

    /** Service property: address and port as they are configured. */
    private static final String PORT = "io.nvremote.web.port";

    private final BundleContext context;
    private final String port;
    private @Nullable ServiceRegistration<ServerSocketChannel> offered;
    private @Nullable ServerSocketChannel listening;

    PortHandover(BundleContext context, String address, int port) {
        this.context = context;
        this.port = address + "#" + port;
    }

    boolean isOffered() {
        return take().isPresent();
    }

    void offer(ServerSocketChannel listening) {
        this.listening = listening;
        offered = context.registerService(
                ServerSocketChannel.class, listening, FrameworkUtil.asDictionary(Map.of(PORT, port)));
    }

    void withdraw() {
        if (offered != null) {
            offered.unregister();
            offered = null;
            listening = null;
        }
    }

    /** For good: a socket that nobody has taken is closed. */
    void end() throws IOException {
        ServerSocketChannel left = listening;
        withdraw();
        if (left != null && !left.isRegistered()) { // No selector accepts from it.
            left.close();
        }
    }

    /** An open socket for the port; empty if no other version leaves one. */
    Optional<ServerSocketChannel> take() {
        try {
            for (ServiceReference<ServerSocketChannel> reference :
                    context.getServiceReferences(ServerSocketChannel.class, null)) {
                if (!port.equals(reference.getProperty(PORT))) {
                    continue;
                }
                ServerSocketChannel listening = context.getService(reference);
                context.ungetService(reference);
                if (listening != null && listening.isOpen()) {
                    return Optional.of(listening);
                }
            }
            return Optional.empty();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("no filter was given", e);
        }
    }
}
