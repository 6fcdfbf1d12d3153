// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import io.nvremote.core.Secret;
import io.nvremote.lib.tokens.SecureTokens;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who may talk to the page's server. Other users' processes, other pages of the same browser and names that resolve to
 * this machine (DNS rebinding) may not. Cookies know no ports, so the cookie alone never suffices: {@code Host} and
 * {@code Origin} are checked on top. Knows no sockets. Safe for any thread.
 */
final class Guard {

    /** What a request says of itself; null where a header is missing. */
    record Ask(
            String method,
            String path,
            boolean socket,
            @Nullable String host,
            @Nullable String origin,
            @Nullable String fetchSite,
            @Nullable String cookie) {}

    static final int ALLOWED = 0;

    /** On every answer. Styles and scripts come from us alone; nobody may frame, embed or read us. */
    static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
                    + "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Embedder-Policy",
            "require-corp",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer",
            "Permissions-Policy",
            "camera=(), microphone=(), geolocation=()");

    /** A browser gets here by following a link from elsewhere; both answer with nothing that is worth reading. */
    private static final Set<String> NAVIGABLE = Set.of("/", "/callback");

    private static final int BROWSERS_AT_MOST = 8;
    /** What a page that is not known yet may ask for. */
    private static final Set<String> OPEN = Set.of("/api/token", "/api/door");

    private final String authority;
    private final String cookieName;
    private final Consumer<String> published;
    private final List<Secret> cookies = new CopyOnWriteArrayList<>();
    private Secret token = new Secret("");

    /**
     * @param address the loopback address that is served, as it stands in an URL: 127.0.0.1 or [::1]
     * @param published hears each fresh address of the page, token included
     */
    Guard(String address, int port, Consumer<String> published) {
        this.authority = address + ":" + port;
        this.cookieName = "nvremote-" + port; // cookies know no ports: two clients in one browser need two names
        this.published = published;
        renew();
    }

    String cookieName() {
        return cookieName;
    }

    String origin() {
        return "http://" + authority;
    }

    /** {@link #ALLOWED}, or the HTTP status to refuse with. */
    int check(Ask ask) {
        if (!authority.equals(ask.host())) {
            return 421;
        }
        if (!ask.method().equals("GET") && !ask.method().equals("POST")) {
            return 405;
        }
        if (ask.origin() != null && !origin().equals(ask.origin())) {
            return 403;
        }
        boolean acts = ask.socket() || ask.method().equals("POST");
        if (acts && ask.origin() == null) {
            return 403;
        }
        boolean foreign = ask.fetchSite() != null
                && !ask.fetchSite().equals("same-origin")
                && !ask.fetchSite().equals("none");
        if (foreign && (acts || !NAVIGABLE.contains(ask.path()))) {
            return 403;
        }
        boolean needsCookie = ask.socket() || (ask.path().startsWith("/api/") && !OPEN.contains(ask.path()));
        return needsCookie && !known(ask.cookie()) ? 401 : ALLOWED;
    }

    /**
     * Exchanges the one-time token for the value of a cookie; null if it is not the current one. Wrong tries count for
     * nothing: 256 bits are not guessed, and who tries must not be able to take the person's address away.
     */
    synchronized @Nullable String redeem(String given) {
        if (!token.equals(new Secret(given))) {
            return null;
        }
        String cookie = SecureTokens.text();
        if (cookies.size() >= BROWSERS_AT_MOST) {
            cookies.removeFirst();
        }
        cookies.add(new Secret(cookie));
        renew();
        return cookie;
    }

    private synchronized void renew() {
        String fresh = SecureTokens.text();
        token = new Secret(fresh);
        published.accept(origin() + "/#token=" + fresh);
    }

    private boolean known(@Nullable String given) {
        boolean found = false;
        if (given != null) {
            Secret asked = new Secret(given);
            for (Secret cookie : cookies) {
                found |= cookie.equals(asked);
            }
        }
        return found;
    }
}
