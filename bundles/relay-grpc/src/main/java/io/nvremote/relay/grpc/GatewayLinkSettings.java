// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.grpc;

import io.nvremote.core.GatewayId;
import io.nvremote.lib.settings.Settings;
import io.nvremote.lib.tls.KeyFiles;
import java.util.regex.Pattern;

/** {@link GatewayLinkConfig}, checked. The files are there. */
record GatewayLinkSettings(GatewayId gateway, String target, KeyFiles files) {

    private static final Pattern HOST_AND_PORT = Pattern.compile("\\S+:\\d{1,5}");

    private static final Settings READER = new Settings(GatewayLinkConfig.PID);

    static GatewayLinkSettings of(GatewayLinkConfig config) {
        return new GatewayLinkSettings(
                READER.read("gateway.id", config.gateway_id(), "a UUID", GatewayId::of),
                READER.text("target", READER.text("target", config.target()), HOST_AND_PORT, "host:port"),
                new KeyFiles(
                        READER.file("certificate.file", config.certificate_file()),
                        READER.file("key.file", config.key_file()),
                        READER.file("ca.file", config.ca_file())));
    }
}
