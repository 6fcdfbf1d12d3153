// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import io.nvremote.lib.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;

/** {@link AuthorityConfig}, checked. */
record AuthoritySettings(Path folder, Duration certificateGrace) {

    private static final Duration LONGEST_GRACE = Duration.ofDays(3650);
    private static final Settings READER = new Settings(AuthorityConfig.PID);

    static AuthoritySettings of(AuthorityConfig config) {
        return new AuthoritySettings(READER.path("ca.folder", config.ca_folder()), grace(config));
    }

    /** Of a configuration that may be for an authority somewhere else: without its folder. */
    static Duration grace(AuthorityConfig config) {
        return READER.duration("certificate.grace", config.certificate_grace(), Duration.ZERO, LONGEST_GRACE);
    }
}
