// SPDX-License-Identifier: Apache-2.0
package io.nvremote.path.probing;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where this machine may be reached directly. */
final class HostAddresses {

    private static final Logger LOG = LoggerFactory.getLogger(HostAddresses.class);
    /** A machine with many virtual networks must not fill the offer with them. */
    private static final int MAX_HOSTS = 8;

    private HostAddresses() {}

    /** This machine's addresses of the relay's family with that port; loopback only when the relay is on loopback too. */
    static List<InetSocketAddress> read(InetSocketAddress relay, int port) {
        List<InetSocketAddress> found = new ArrayList<>();
        try {
            boolean four = relay.getAddress() instanceof Inet4Address;
            boolean loopback = relay.getAddress().isLoopbackAddress();
            for (NetworkInterface nic : NetworkInterface.networkInterfaces().toList()) {
                if (nic.isUp()) {
                    nic.inetAddresses()
                            .filter(a -> four == a instanceof Inet4Address)
                            .filter(a -> a.isLoopbackAddress() == loopback && usable(a))
                            .forEach(a -> found.add(new InetSocketAddress(a, port)));
                }
            }
        } catch (SocketException e) {
            LOG.atWarn().setCause(e).log("this machine's addresses can't be read");
        }
        return found.size() > MAX_HOSTS ? List.copyOf(found.subList(0, MAX_HOSTS)) : found;
    }

    private static boolean usable(InetAddress address) {
        return !address.isLinkLocalAddress() && !address.isMulticastAddress();
    }
}
