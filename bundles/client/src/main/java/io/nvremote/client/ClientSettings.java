// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.CoreError;
import io.nvremote.core.PathPolicy;
import io.nvremote.core.StreamException;
import io.nvremote.lib.settings.Settings;
import io.nvremote.lib.tls.AddedTrust;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The configuration, read once and checked. Immutable. */
record ClientSettings(URI control, URI door, @Nullable SSLContext tls, PathPolicy policy, Duration hostSilence) {

    private static final String HEADLESS = "write it without \"headless.\" under the PID io.nvremote.client.headless";
    private static final String PAGE = "write it without \"page.\" under the PID io.nvremote.client.page";
    /** A view has its own PID, and its configuration is what starts it. */
    private static final Map<String, String> GONE = Map.of(
            "headless.user", HEADLESS,
            "headless.host", HEADLESS,
            "headless.seconds", HEADLESS,
            "headless.report", HEADLESS,
            "headless.expect", HEADLESS,
            "page.url.file", PAGE,
            "page.port", PAGE,
            "view",
                    "leave it out; the page is served where the PID io.nvremote.client.page is configured, if only with {}");

    private static final Settings READER = new Settings(ClientConfig.PID);

    static ClientSettings of(ClientConfig config, Map<String, ?> properties) {
        READER.defunct(properties, GONE);
        URI control = origin("control.url", config.control_url());
        return new ClientSettings(
                control,
                config.signin_url().isEmpty() ? control : origin("signin.url", config.signin_url()),
                trusting(READER.pathOrNone("control.ca", config.control_ca())),
                READER.choice("path.policy", config.path_policy(), PathPolicy.class),
                READER.duration("host.silence", config.host_silence(), Duration.ofSeconds(5), Duration.ofMinutes(10)));
    }

    /** Null for the JDK's default trust. */
    private static @Nullable SSLContext trusting(@Nullable Path pem) {
        try {
            return pem == null ? null : AddedTrust.beside(pem);
        } catch (IOException | GeneralSecurityException e) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    ClientConfig.PID + " control.ca=" + pem + ": must be a readable PEM file of certificates",
                    e);
        }
    }

    /** What stands before the path. */
    private static URI origin(String key, String text) {
        URI uri = READER.server(key, text, "https", "http");
        return URI.create(uri.getScheme() + "://" + uri.getRawAuthority());
    }
}
