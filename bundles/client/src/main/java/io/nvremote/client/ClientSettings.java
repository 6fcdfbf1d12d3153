// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.tunnel.PathPolicy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
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

    static ClientSettings of(ClientConfig config) {
        URI control = control(config.control_url());
        if (!Set.of("page", "headless").contains(config.view())) {
            throw invalid("view", config.view(), "page or headless");
        }
        if (!Set.of("testcard", "x11", "any").contains(config.headless_expect())) {
            throw invalid("headless.expect", config.headless_expect(), "testcard, x11 or any");
        }
        if (config.headless_seconds() < 1 || config.headless_seconds() > 86_400) {
            throw invalid("headless.seconds", String.valueOf(config.headless_seconds()), "1 to 86400");
        }
        if (config.page_port() < 0 || config.page_port() > 65_535) {
            throw invalid("page.port", String.valueOf(config.page_port()), "0 to 65535");
        }
        return new ClientSettings(
                control,
                config.signin_url().isEmpty() ? control : control(config.signin_url()),
                path(config.control_ca()),
                policy(config.path_policy()),
                config.view().equals("headless"),
                path(config.page_url_file()),
                config.page_port(),
                new Headless(
                        config.headless_user(),
                        config.headless_host(),
                        Duration.ofSeconds(config.headless_seconds()),
                        path(config.headless_report()),
                        config.headless_expect()));
    }

    private static URI control(String text) {
        URI uri = URI.create(text);
        boolean plainLoopback = "http".equals(uri.getScheme()) && "127.0.0.1".equals(uri.getHost());
        if ((!"https".equals(uri.getScheme()) && !plainLoopback) || uri.getHost() == null) {
            throw invalid("control.url", text, "https://host[:port]");
        }
        return URI.create(uri.getScheme() + "://" + uri.getRawAuthority());
    }

    private static PathPolicy policy(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "auto" -> PathPolicy.AUTO;
            case "relay" -> PathPolicy.RELAY;
            default -> throw invalid("path.policy", text, "auto or relay");
        };
    }

    private static @Nullable Path path(String text) {
        return text.isBlank() ? null : Path.of(text);
    }

    private static StreamException invalid(String key, String value, String rule) {
        return new StreamException(
                CoreError.INVALID_CONFIGURATION, ClientConfig.PID + ": " + key + " must be " + rule + ": " + value);
    }
}
