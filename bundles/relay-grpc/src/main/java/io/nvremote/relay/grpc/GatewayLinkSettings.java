// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.grpc;

import io.nvremote.core.GatewayId;
import io.nvremote.lib.settings.Settings;
import java.util.Map;
import java.util.regex.Pattern;

/** {@link GatewayLinkConfig}, checked. */
record GatewayLinkSettings(GatewayId gateway, String target) {

    private static final Pattern HOST_AND_PORT = Pattern.compile("\\S+:\\d{1,5}");

    private static final String KEYS = "under io.nvremote.keys.file~control-plane, with keys.name=control-plane";
    private static final Settings READER = new Settings(GatewayLinkConfig.PID);
    private static final Map<String, String> GONE = Map.of(
            "files.target", "write it " + KEYS,
            "certificate.file", "write it " + KEYS,
            "key.file", "write it " + KEYS,
            "ca.file", "write it as authority.file " + KEYS);

    static GatewayLinkSettings of(GatewayLinkConfig config, Map<String, ?> present) {
        refuseFormer(present);
        return new GatewayLinkSettings(
                READER.read("gateway.id", config.gateway_id(), "a UUID", GatewayId::of),
                READER.text("target", READER.text("target", config.target()), HOST_AND_PORT, "host:port"));
    }

    static void refuseFormer(Map<String, ?> present) {
        READER.defunct(present, GONE);
    }
}
