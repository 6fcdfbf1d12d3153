// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.lib.settings.Settings;
import io.nvremote.tunnel.PathPolicy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The configuration, read once and checked. Immutable. */
record ClientSettings(
        URI control,
        URI door,
        @Nullable Path ca,
        PathPolicy policy,
        boolean headless,
        @Nullable Path pageUrlFile,
        int pagePort,
        Headless run) {

    /** What a run without a page does. */
    record Headless(
            String user,
            String host,
            Duration watch,
            @Nullable Path report,
            String expect) {}

    private static final Settings READER = new Settings(ClientConfig.PID);

    private enum View {
        PAGE,
        HEADLESS
    }

    private enum Picture {
        TESTCARD,
        X11,
        ANY
    }

    static ClientSettings of(ClientConfig config) {
        URI control = origin("control.url", config.control_url());
        READER.choice("headless.expect", config.headless_expect(), Picture.class);
        return new ClientSettings(
                control,
                config.signin_url().isEmpty() ? control : origin("signin.url", config.signin_url()),
                READER.pathOrNone("control.ca", config.control_ca()),
                READER.choice("path.policy", config.path_policy(), PathPolicy.class),
                READER.choice("view", config.view(), View.class) == View.HEADLESS,
                READER.pathOrNone("page.url.file", config.page_url_file()),
                READER.port("page.port", config.page_port()),
                new Headless(
                        config.headless_user(),
                        config.headless_host(),
                        Duration.ofSeconds(READER.integer("headless.seconds", config.headless_seconds(), 1, 86_400)),
                        READER.pathOrNone("headless.report", config.headless_report()),
                        config.headless_expect()));
    }

    /** What stands before the path. */
    private static URI origin(String key, String text) {
        URI uri = READER.server(key, text, "https", "http");
        return URI.create(uri.getScheme() + "://" + uri.getRawAuthority());
    }
}
