// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.grpc;

import io.nvremote.core.Endpoint;
import io.nvremote.core.GatewayId;
import io.nvremote.lib.settings.Settings;
import io.nvremote.lib.tls.KeyFiles;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** {@link GatewayControlConfig}, checked. The files are there. */
record GatewayControlSettings(GatewayId gateway, Endpoint endpoint, InetSocketAddress address, KeyFiles files) {

    private static final Settings READER = new Settings(GatewayControlConfig.PID);

    static GatewayControlSettings of(GatewayControlConfig config) {
        InetAddress address = READER.read(
                "bind.address", config.bind_address(), "an address of this machine", GatewayControlSettings::resolved);
        return new GatewayControlSettings(
                READER.read("gateway.id", config.gateway_id(), "a UUID", GatewayId::of),
                READER.read("endpoint", config.endpoint(), "host:port, IPv6 in brackets", Endpoint::parse),
                new InetSocketAddress(address, READER.port("port", config.port())),
                new KeyFiles(
                        READER.file("certificate.file", config.certificate_file()),
                        READER.file("key.file", config.key_file()),
                        READER.file("ca.file", config.ca_file())));
    }

    private static InetAddress resolved(String name) {
        try {
            return InetAddress.getByName(name);
        } catch (UnknownHostException e) {
            throw new UncheckedIOException(e);
        }
    }
}
