// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import io.nvremote.core.CoreError;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.rest.CallerContext;
import io.nvremote.rest.KeptAnswers;
import io.nvremote.rest.KeptAnswers.Answer;
import io.nvremote.rest.KeptAnswers.Keyed;
import io.nvremote.rest.RestError;
import java.io.ByteArrayInputStream;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.HeaderParam;
import javax.ws.rs.container.ContainerRequestContext;
import javax.ws.rs.container.ContainerResponseContext;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every POST may name itself by an {@code Idempotency-Key} (draft-ietf-httpapi-idempotency-key-header): sent again, it is not done
 * again, and gets the answer of then. Only successes are kept: what was refused has changed nothing. Immutable; safe for any thread.
 */
final class KeyedRequests {

    static final String HEADER = "Idempotency-Key";

    /** Of an answer that was given before. */
    static final String REPLAYED = "Idempotency-Replayed";

    private static final Pattern KEY = Pattern.compile("[!-~]{1,255}");
    private static final String ASKED = KeyedRequests.class.getName();
    private static final Logger LOG = LoggerFactory.getLogger(KeyedRequests.class);

    private final KeptAnswers kept;

    KeyedRequests(KeptAnswers kept) {
        this.kept = kept;
    }

    /** Answers the request, if it has been done before; else remembers that it is being done. */
    void begin(ContainerRequestContext request, Method method, @Nullable HttpServletRequest http) {
        List<String> keys = request.getHeaders().get(HEADER);
        if (keys == null || !request.getMethod().equals("POST")) {
            return;
        }
        if (keys.size() != 1 || !KEY.matcher(keys.getFirst()).matches()) {
            throw new StreamException(
                    RestError.IDEMPOTENCY_KEY_INVALID, HEADER + " is not 1 to 255 visible characters");
        }
        byte[] body = Json.all(request.getEntityStream());
        request.setEntityStream(new ByteArrayInputStream(body));
        URI uri = request.getUriInfo().getRequestUri();
        String what = uri.getRawPath() + '?' + uri.getRawQuery() + '\n' + hash(body);
        Keyed asked = new Keyed(caller(request, http), keys.getFirst(), what, repeatable(method));
        Answer before = kept.begin(asked);
        if (before == null) {
            request.setProperty(ASKED, asked);
            return;
        }
        Response.ResponseBuilder answer = Response.status(before.status()).header(REPLAYED, "true");
        if (before.location() != null) {
            answer.header(HttpHeaders.LOCATION, before.location());
        }
        if (before.body() != null) {
            answer.type(MediaType.APPLICATION_JSON_TYPE)
                    .entity(new Json.Written(before.body().getBytes(StandardCharsets.UTF_8)));
        }
        request.abortWith(answer.build());
    }

    /** Before the answer leaves, it is kept. */
    void end(ContainerRequestContext request, ContainerResponseContext response) {
        if (!(request.getProperty(ASKED) instanceof Keyed asked)) {
            return;
        }
        try {
            if (response.getStatus() >= 400) {
                kept.release(asked);
                return;
            }
            String body = null;
            if (response.hasEntity()) {
                byte[] bytes = Json.bytes(response.getEntity());
                response.setEntity(new Json.Written(bytes));
                body = new String(bytes, StandardCharsets.UTF_8);
            }
            kept.keep(asked, new Answer(response.getStatus(), response.getHeaderString(HttpHeaders.LOCATION), body));
        } catch (StreamException e) {
            // What was done is done, and is answered; who repeats it is told that its end was lost.
            LOG.atWarn()
                    .addKeyValue(Keys.CODE, e.code().name())
                    .addKeyValue(Keys.REASON, e.getMessage())
                    .log("an answer could not be kept");
        }
    }

    /** Whether the operation takes the key itself, and gives the same for it. */
    private static boolean repeatable(Method method) {
        return Arrays.stream(method.getParameters())
                .map(parameter -> parameter.getAnnotation(HeaderParam.class))
                .anyMatch(header -> header != null && header.value().equals(HEADER));
    }

    /** Whose key it is: a user's, else who shows the same certificate or credentials, else who comes from the same address. */
    private static String caller(ContainerRequestContext request, @Nullable HttpServletRequest http) {
        if (request.getSecurityContext() instanceof CallerContext known) {
            return "user " + known.caller().user();
        }
        String credentials = request.getHeaderString(HttpHeaders.AUTHORIZATION);
        if (credentials != null) {
            return "credentials " + hash(credentials.getBytes(StandardCharsets.UTF_8));
        }
        if (http == null) {
            throw new StreamException(CoreError.INTERNAL, "a request without a connection");
        }
        if (http.getAttribute("javax.servlet.request.X509Certificate") instanceof X509Certificate[] chain) {
            try {
                return "certificate " + hash(chain[0].getEncoded());
            } catch (CertificateEncodingException e) {
                throw new StreamException(CoreError.INTERNAL, "a certificate that was read can't be written", e);
            }
        }
        return "address " + http.getRemoteAddr();
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new StreamException(CoreError.INTERNAL, "every JDK has SHA-256", e);
        }
    }
}
