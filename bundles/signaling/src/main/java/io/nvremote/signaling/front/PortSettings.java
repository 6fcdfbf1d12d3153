// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.front;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** {@link PortConfig}, checked. The files need not exist yet: until they do, every handshake fails. */
record PortSettings(int port, String address, boolean clientCertificate, KeyFiles files) {

    static PortSettings of(PortConfig config) {
        if (config.port() < 0 || config.port() > 65535) {
            throw wrong("port is 0 to 65535: " + config.port());
        }
        KeyFiles files = new KeyFiles(
                path("certificate.file", config.certificate_file()),
                path("key.file", config.key_file()),
                path("authority.file", config.authority_file()));
        return new PortSettings(config.port(), config.address(), config.client_certificate(), files);
    }

    private static Path path(String key, @Nullable String text) {
        if (text == null || text.isBlank()) {
            throw wrong(key + " is missing");
        }
        try {
            return Path.of(text).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION, PortConfig.PID + ": " + key + " is no path: " + text, e);
        }
    }

    private static StreamException wrong(String what) {
        return new StreamException(CoreError.INVALID_CONFIGURATION, PortConfig.PID + ": " + what);
    }
}
