// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gateway;

import io.nvremote.lib.settings.Settings;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Validated settings. */
record GatewaySettings(InetSocketAddress udp, int metricsPort) {

    private static final Settings READER = new Settings(GatewayConfig.PID);

    static GatewaySettings of(GatewayConfig config) {
        return of(config.bind_address(), config.udp_port(), config.metrics_port());
    }

    static GatewaySettings of(String bindAddress, int udpPort, int metricsPort) {
        return new GatewaySettings(
                new InetSocketAddress(address(bindAddress), READER.port("udp.port", udpPort)),
                READER.port("metrics.port", metricsPort));
    }

    private static InetAddress address(String value) {
        String rule = "one address of this machine, not all of them";
        InetAddress address = READER.read("bind.address", value, rule, GatewaySettings::resolved);
        READER.require(!address.isAnyLocalAddress(), "bind.address", value, rule);
        return address;
    }

    private static InetAddress resolved(String name) {
        try {
            return InetAddress.getByName(name);
        } catch (UnknownHostException e) {
            throw new UncheckedIOException(e);
        }
    }
}
