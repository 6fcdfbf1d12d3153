// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.grpc;

import io.nvremote.core.Endpoint;
import io.nvremote.core.GatewayId;
import io.nvremote.lib.settings.Settings;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Map;

/** {@link GatewayControlConfig}, checked. */
record GatewayControlSettings(GatewayId gateway, Endpoint endpoint, InetSocketAddress address) {

    private static final String KEYS = "under io.nvremote.keys.file~gateway, with keys.name=gateway";
    private static final Settings READER = new Settings(GatewayControlConfig.PID);
    private static final Map<String, String> GONE = Map.of(
            "certificate.file", "write it " + KEYS,
            "key.file", "write it " + KEYS,
            "ca.file", "write it as authority.file " + KEYS);

    static GatewayControlSettings of(GatewayControlConfig config, Map<String, ?> present) {
        refuseFormer(present);
        InetAddress address = READER.read(
                "bind.address", config.bind_address(), "an address of this machine", GatewayControlSettings::resolved);
        return new GatewayControlSettings(
                READER.read("gateway.id", config.gateway_id(), "a UUID", GatewayId::of),
                READER.read("endpoint", config.endpoint(), "host:port, IPv6 in brackets", Endpoint::parse),
                new InetSocketAddress(address, READER.port("port", config.port())));
    }

    private static InetAddress resolved(String name) {
        try {
            return InetAddress.getByName(name);
        } catch (UnknownHostException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void refuseFormer(Map<String, ?> present) {
        READER.defunct(present, GONE);
    }
}
