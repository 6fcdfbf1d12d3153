// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.lib.settings.Settings;
import io.nvremote.lib.tls.AddedTrust;
import io.nvremote.tunnel.PathPolicy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The configuration, read once and checked. Immutable. */
record ClientSettings(
        URI control,
        URI door,
        @Nullable SSLContext tls,
        PathPolicy policy,
        boolean page,
        @Nullable Path pageUrlFile,
        int pagePort) {

    private static final String MOVED = "write it without \"headless.\" under the PID io.nvremote.client.headless";
    private static final Map<String, String> GONE = Map.of(
            "headless.user", MOVED,
            "headless.host", MOVED,
            "headless.seconds", MOVED,
            "headless.report", MOVED,
            "headless.expect", MOVED);

    private static final Settings READER = new Settings(ClientConfig.PID);

    private enum View {
        PAGE,
        NONE
    }

    /** The page's part and the role's alike: one PID. */
    static ClientSettings of(ClientConfig config, Map<String, ?> properties) {
        READER.defunct(properties, GONE);
        URI control = origin("control.url", config.control_url());
        return new ClientSettings(
                control,
                config.signin_url().isEmpty() ? control : origin("signin.url", config.signin_url()),
                trusting(READER.pathOrNone("control.ca", config.control_ca())),
                READER.choice("path.policy", config.path_policy(), PathPolicy.class),
                READER.choice("view", config.view(), View.class) == View.PAGE,
                READER.pathOrNone("page.url.file", config.page_url_file()),
                READER.port("page.port", config.page_port()));
    }

    /** Null for the JDK's default trust. */
    private static @Nullable SSLContext trusting(@Nullable Path pem) {
        try {
            return pem == null ? null : AddedTrust.beside(pem);
        } catch (IOException | GeneralSecurityException e) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    ClientConfig.PID + ": control.ca must be a readable PEM file of certificates: " + pem,
                    e);
        }
    }

    /** What stands before the path. */
    private static URI origin(String key, String text) {
        URI uri = READER.server(key, text, "https", "http");
        return URI.create(uri.getScheme() + "://" + uri.getRawAuthority());
    }
}
