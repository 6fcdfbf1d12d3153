// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.OrgId;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.lib.json.Json;
import io.nvremote.viewer.BootstrapToken;
import io.nvremote.viewer.ViewerError;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The REST interface of the control plane, as far as a client uses it. An access token that it refuses is renewed once and the
 * call made again. Blocks; safe for any thread.
 */
final class ControlPlane implements AutoCloseable {

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(15);

    private final URI base;
    private final HttpClient http;
    private volatile UnaryOperator<Secret> renewal = UnaryOperator.identity();

    ControlPlane(URI base, @Nullable SSLContext tls) {
        this.base = base;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(5))
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(Executors.newVirtualThreadPerTaskExecutor());
        if (tls != null) {
            builder.sslContext(tls);
        }
        this.http = builder.build();
    }

    URI base() {
        return base;
    }

    HttpClient http() {
        return http;
    }

    /** Who gives another access token for one that was refused; fails if there is none. The same one: nothing can be done. */
    void renewal(UnaryOperator<Secret> source) {
        renewal = source;
    }

    /** Address of {@code /ws/client}. */
    URI clientChannel() {
        return URI.create(base.toString().replaceFirst("^http", "ws") + "/ws/client");
    }

    JsonNode get(String path, Secret token) {
        return send("GET", path, null, token);
    }

    JsonNode post(String path, ObjectNode body, @Nullable Secret token) {
        return send("POST", path, body, token);
    }

    void delete(String path, Secret token) {
        send("DELETE", path, null, token);
    }

    /** A token that makes one machine a host of the organisation, good for as long as the control plane chooses. */
    BootstrapToken bootstrapToken(OrgId org, Secret token) {
        JsonNode made = post("/orgs/" + org + "/hosts/bootstrap-token", Json.object(), token);
        String expiresAt = Json.text(made, "expires_at", ViewerError.CONTROL_PLANE_UNREACHABLE);
        try {
            return new BootstrapToken(
                    new Secret(Json.text(made, "token", ViewerError.CONTROL_PLANE_UNREACHABLE)),
                    Instant.parse(expiresAt));
        } catch (DateTimeParseException e) {
            throw new StreamException(
                    ViewerError.CONTROL_PLANE_UNREACHABLE, base.getAuthority() + " names no time: " + expiresAt, e);
        }
    }

    private JsonNode send(String method, String path, @Nullable ObjectNode body, @Nullable Secret token) {
        try {
            return once(method, path, body, token);
        } catch (StreamException e) {
            // The clocks may differ, or the control plane lost its key: a new token tells. Refused before, nothing was
            // done.
            if (token == null || e.code() != ViewerError.SIGN_IN_REQUIRED) {
                throw e;
            }
            Secret fresh = renewal.apply(token);
            if (fresh.equals(token)) {
                throw e;
            }
            return once(method, path, body, fresh);
        }
    }

    private JsonNode once(String method, String path, @Nullable ObjectNode body, @Nullable Secret token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve("/api/v1" + path))
                .timeout(ANSWER_WITHIN)
                .header("Accept", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(Json.write(body)));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token.reveal());
        }
        try {
            HttpResponse<byte[]> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            String text = new String(answer.body(), StandardCharsets.UTF_8);
            if (answer.statusCode() / 100 == 2) {
                return text.isBlank() ? Json.object() : read(text);
            }
            throw refusal(answer.statusCode(), text);
        } catch (IOException e) {
            throw new StreamException(
                    ViewerError.CONTROL_PLANE_UNREACHABLE, base + " does not answer: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StreamException(ViewerError.CANCELLED, "interrupted while waiting for " + base, e);
        }
    }

    private static JsonNode read(String text) {
        // Lists come as an array or inside an object: a tree holds both.
        return Json.read(
                text.stripLeading().startsWith("[") ? "{\"items\":" + text + "}" : text,
                ViewerError.CONTROL_PLANE_UNREACHABLE);
    }

    /**
     * An answer with a code is the control plane's own. One without comes from something between, whatever its status: that is
     * a failure, which passes, and no refusal.
     */
    private StreamException refusal(int status, String text) {
        JsonNode error = text.stripLeading().startsWith("{")
                ? Json.read(text, ViewerError.CONTROL_PLANE_UNREACHABLE).path("error")
                : Json.object();
        String code = Json.textOrNull(error, "code");
        if (code == null) {
            return new StreamException(
                    ViewerError.CONTROL_PLANE_UNREACHABLE,
                    base.getAuthority() + " answered with status " + status + " and not as a control plane does");
        }
        String said = Json.textOrNull(error, "message");
        String message = said == null ? "The control plane answered with status " + status + "." : said;
        return status == 401
                ? new StreamException(ViewerError.SIGN_IN_REQUIRED, message)
                : new StreamException(RemoteError.of(code, status), message);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
