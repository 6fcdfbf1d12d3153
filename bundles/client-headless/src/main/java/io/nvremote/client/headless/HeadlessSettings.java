// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.lib.settings.Settings;
import io.nvremote.lib.tls.AddedTrust;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The configuration, read once and checked. Immutable.
 *
 * @param stop once this file is there, watching ends before its time
 */
record HeadlessSettings(
        @Nullable Path ca,
        String user,
        String host,
        String display,
        Duration watch,
        @Nullable Path stop,
        @Nullable Path report,
        Picture expect,
        DecodeLimits decoder) {

    private static final Settings READER = new Settings(HeadlessConfig.PID);

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    /** What the pictures must show. */
    enum Picture {
        TESTCARD,
        X11,
        ANY
    }

    static HeadlessSettings of(HeadlessConfig config) {
        return new HeadlessSettings(
                READER.pathOrNone("control.ca", config.control_ca()),
                READER.textOrEmpty("user", config.user()),
                READER.textOrEmpty("host", config.host()),
                READER.textOrEmpty("display", config.display()),
                Duration.ofSeconds(READER.integer("seconds", config.seconds(), 1, 86_400)),
                READER.pathOrNone("stop.file", config.stop_file()),
                READER.pathOrNone("report", config.report()),
                READER.choice("expect", config.expect(), Picture.class),
                new DecodeLimits(
                        READER.duration("decoder.hang", config.decoder_hang(), SHORTEST, LONGEST),
                        READER.duration("decoder.open", config.decoder_open(), SHORTEST, LONGEST)));
    }

    /** Null for the JDK's default trust. */
    @Nullable
    SSLContext tls() {
        try {
            return ca == null ? null : AddedTrust.beside(ca);
        } catch (IOException | GeneralSecurityException e) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    HeadlessConfig.PID + " control.ca=" + ca + ": must be a readable PEM file of certificates",
                    e);
        }
    }
}
