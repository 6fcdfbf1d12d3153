// SPDX-License-Identifier: Apache-2.0
package io.nvremote.web.ports;

import io.nvremote.lib.settings.Settings;
import io.nvremote.lib.tls.KeyFiles;

/** {@link TlsPortConfig}, checked. The files need not exist yet: until they do, every handshake fails. */
record TlsPortSettings(int port, String address, boolean clientCertificate, KeyFiles files) {

    private static final Settings READER = new Settings(TlsPortConfig.PID);

    static TlsPortSettings of(TlsPortConfig config) {
        KeyFiles files = new KeyFiles(
                READER.path("certificate.file", config.certificate_file()),
                READER.path("key.file", config.key_file()),
                READER.path("authority.file", config.authority_file()));
        return new TlsPortSettings(
                READER.port("port", config.port()),
                READER.textOrEmpty("address", config.address()),
                config.client_certificate(),
                files);
    }
}
