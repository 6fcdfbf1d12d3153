// SPDX-License-Identifier: Apache-2.0
package io.nvremote.web.ports;

import io.nvremote.lib.settings.Settings;
import java.util.Map;

/** {@link TlsPortConfig}, checked. */
record TlsPortSettings(int port, String address, boolean clientCertificate) {

    private static final String KEYS = "under io.nvremote.keys.file~server, with keys.name=server";
    private static final Settings READER = new Settings(TlsPortConfig.PID);
    private static final Map<String, String> GONE = Map.of(
            "certificate.file", "write it " + KEYS,
            "key.file", "write it " + KEYS,
            "authority.file", "write it " + KEYS);

    static TlsPortSettings of(TlsPortConfig config, Map<String, ?> present) {
        refuseFormer(present);
        return new TlsPortSettings(
                READER.port("port", config.port()),
                READER.textOrEmpty("address", config.address()),
                config.client_certificate());
    }

    static void refuseFormer(Map<String, ?> present) {
        READER.defunct(present, GONE);
    }
}
