// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.CoreError;
import io.nvremote.core.HostId;
import io.nvremote.core.Keys;
import io.nvremote.core.OrgId;
import io.nvremote.core.Remedy;
import io.nvremote.core.StreamException;
import io.nvremote.lib.json.Json;
import io.nvremote.viewer.BootstrapToken;
import io.nvremote.viewer.Viewer;
import io.nvremote.viewer.ViewerError;
import io.nvremote.viewer.ViewerSession;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the page: its files, its small API, its socket. Every request passes the guard first. */
final class PageHandler extends Handler.Abstract {

    private static final Logger LOG = LoggerFactory.getLogger(PageHandler.class);
    private static final Pattern FILE = Pattern.compile("/[A-Za-z0-9_-]{1,64}\\.(js|css|svg)");
    /** Places of the page itself, which is one file and reads its own address. */
    private static final Pattern PLACE = Pattern.compile("/|/hosts|/stream/[A-Za-z0-9-]{1,64}");

    private static final String INDEX = "index.html";
    private static final int BODY_BYTES = 16 * 1024;
    private static final String JSON = "application/json";
    private static final String HTML = "text/html;charset=utf-8";

    private final Guard guard;
    private final Viewer viewer;
    private final PageAssets assets;
    private final PageHub hub;
    private final ServerWebSocketContainer sockets;
    private final @Nullable Path door;

    /** @param door the file with the page's newest address; null if there is none */
    PageHandler(
            Guard guard,
            Viewer viewer,
            PageAssets assets,
            PageHub hub,
            ServerWebSocketContainer sockets,
            @Nullable Path door) {
        this.guard = guard;
        this.viewer = viewer;
        this.assets = assets;
        this.hub = hub;
        this.sockets = sockets;
        this.door = door;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Guard.HEADERS.forEach((name, value) -> response.getHeaders().put(name, value));
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        String path = Request.getPathInContext(request);
        boolean socket = request.getHeaders().get(HttpHeader.UPGRADE) != null;
        int refused = guard.check(new Guard.Ask(
                request.getMethod(),
                path,
                socket,
                request.getHeaders().get(HttpHeader.HOST),
                request.getHeaders().get(HttpHeader.ORIGIN),
                request.getHeaders().get("Sec-Fetch-Site"),
                cookie(request, guard.cookieName())));
        if (refused != Guard.ALLOWED) {
            answer(response, callback, refused, "text/plain", "refused");
        } else if (socket) {
            if (!path.equals("/ws") || !sockets.upgrade((q, s, c) -> hub.open(), request, response, callback)) {
                answer(response, callback, 404, "text/plain", "no such socket");
            }
        } else {
            try {
                serve(request, path, response, callback);
            } catch (StreamException e) {
                ObjectNode body = Json.object();
                body.set("error", Failures.json(e));
                answer(response, callback, status(e), JSON, Json.write(body));
            }
        }
        return true;
    }

    private void serve(Request request, String path, Response response, Callback callback) {
        boolean post = request.getMethod().equals("POST");
        switch (path) {
            case "/callback" -> callback(request, response, callback);
            case "/api/door" ->
                answer(
                        response,
                        callback,
                        200,
                        JSON,
                        Json.write(Json.object().put("file", door == null ? null : door.toString())));
            case "/api/state" -> answer(response, callback, 200, JSON, Json.write(PageState.json(viewer.state())));
            case "/api/token" -> {
                String cookie = post ? guard.redeem(Json.text(body(request), "token", ViewerError.BAD_REQUEST)) : null;
                if (cookie == null) {
                    answer(response, callback, 403, JSON, "{}");
                } else {
                    response.getHeaders()
                            .put(
                                    HttpHeader.SET_COOKIE,
                                    guard.cookieName() + "=" + cookie + "; Path=/; HttpOnly; SameSite=Strict");
                    answer(response, callback, 204, JSON, "");
                }
            }
            default -> {
                if (post) {
                    act(path, request, response, callback);
                } else {
                    boolean place = PLACE.matcher(path).matches();
                    file(place ? INDEX : FILE.matcher(path).matches() ? path.substring(1) : "", response, callback);
                }
            }
        }
    }

    private void act(String path, Request request, Response response, Callback callback) {
        ObjectNode body = body(request);
        ObjectNode result = Json.object();
        switch (path) {
            case "/api/sign-in" ->
                result.put(
                        "url", viewer.beginSignIn(guard.origin() + "/callback").toString());
            case "/api/sign-out" -> viewer.signOut();
            case "/api/connect" -> {
                ViewerSession held = viewer.session();
                if (held != null && held.phase() == ViewerSession.Phase.FAILED) {
                    viewer.disconnect("tried again");
                }
                viewer.connect(HostId.of(Json.text(body, "host_id", ViewerError.BAD_REQUEST)), hub);
            }
            case "/api/bootstrap-token" -> {
                BootstrapToken made =
                        viewer.bootstrapToken(OrgId.of(Json.text(body, "org_id", ViewerError.BAD_REQUEST)));
                result.put("token", made.text().reveal())
                        .put("expires_at", made.expiresAt().toString());
            }
            case "/api/disconnect" -> viewer.disconnect(Viewer.BY_USER);
            default -> {
                answer(response, callback, 404, JSON, "{}");
                return;
            }
        }
        answer(response, callback, 200, JSON, Json.write(result));
    }

    /**
     * The browser comes back from the sign-in: state decides. The answer is the page itself, which asks how it went: the
     * cookie is strict and did not come with this request. What the browser brought is gone from the address at once.
     */
    private void callback(Request request, Response response, Callback callback) {
        try {
            viewer.finishSignIn(request.getHttpURI().getQuery());
        } catch (StreamException e) {
            LOG.atInfo().addKeyValue(Keys.REASON, e.getMessage()).log("sign-in not completed");
        }
        file(INDEX, response, callback);
    }

    private void file(String name, Response response, Callback callback) {
        byte[] bytes = name.isEmpty() ? null : assets.read(name);
        if (bytes == null) {
            answer(response, callback, 404, "text/plain", "no such file");
            return;
        }
        String type =
                switch (name.substring(name.lastIndexOf('.') + 1)) {
                    case "js" -> "text/javascript;charset=utf-8";
                    case "css" -> "text/css;charset=utf-8";
                    case "svg" -> "image/svg+xml";
                    default -> HTML;
                };
        if (name.contains("-")) {
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "private, max-age=31536000, immutable");
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.write(true, ByteBuffer.wrap(bytes), callback);
    }

    private static ObjectNode body(Request request) {
        long length = request.getLength();
        String type = String.valueOf(request.getHeaders().get(HttpHeader.CONTENT_TYPE))
                .toLowerCase(Locale.ROOT);
        if (length < 0 || length > BODY_BYTES || !type.startsWith(JSON)) {
            throw new StreamException(ViewerError.BAD_REQUEST, "a request needs a JSON body of at most 16 KiB");
        }
        try {
            return Json.read(Content.Source.asString(request, StandardCharsets.UTF_8), ViewerError.BAD_REQUEST);
        } catch (java.io.IOException e) {
            throw new StreamException(ViewerError.BAD_REQUEST, "the body of a request broke off", e);
        }
    }

    private static void answer(Response response, Callback callback, int status, String type, String text) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.write(true, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), callback);
    }

    private static int status(StreamException e) {
        if (e.code() == ViewerError.SIGN_IN_REQUIRED) {
            return 409; // 401 is the guard's own word: the page itself is not allowed in
        }
        return e.code().remedy() == Remedy.CALLER || e.code() == CoreError.INVALID_ID ? 400 : 503;
    }

    private static @Nullable String cookie(Request request, String name) {
        for (HttpCookie cookie : Request.getCookies(request)) {
            if (cookie.getName().equals(name)) {
                return cookie.getValue();
            }
        }
        return null;
    }
}
