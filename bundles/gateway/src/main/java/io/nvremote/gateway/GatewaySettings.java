// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gateway;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Validated settings. */
record GatewaySettings(InetSocketAddress udp, int metricsPort) {

    static GatewaySettings of(GatewayConfig config) {
        return of(config.bind_address(), config.udp_port(), config.metrics_port());
    }

    static GatewaySettings of(String bindAddress, int udpPort, int metricsPort) {
        return new GatewaySettings(
                new InetSocketAddress(address(bindAddress), port("udp.port", udpPort)),
                port("metrics.port", metricsPort));
    }

    private static InetAddress address(String value) {
        try {
            InetAddress address = value.isBlank() ? InetAddress.getByName("0.0.0.0") : InetAddress.getByName(value);
            if (address.isAnyLocalAddress()) {
                throw refused("bind.address", value, "must be one address of this machine, not all of them");
            }
            return address;
        } catch (UnknownHostException e) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    GatewayConfig.PID + " bind.address=" + value + ": is no address",
                    e);
        }
    }

    private static int port(String key, int value) {
        if (value < 0 || value > 65_535) {
            throw refused(key, Integer.toString(value), "must be 0 to 65535");
        }
        return value;
    }

    private static StreamException refused(String key, String value, String rule) {
        return new StreamException(
                CoreError.INVALID_CONFIGURATION, GatewayConfig.PID + " " + key + "=" + value + ": " + rule);
    }
}
