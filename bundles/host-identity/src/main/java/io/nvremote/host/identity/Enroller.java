// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.identity.HostFacts;
import io.nvremote.identity.IdentityError;
import io.nvremote.lib.pem.Pem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Becomes a host of an organisation: makes a key, has it certified against a bootstrap token. And comes back as that host, by
 * proof of the key, when it slept past its certificate. The key never leaves this process. One attempt per call; it blocks.
 */
final class Enroller {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int MAX_ANSWER_BYTES = 256 * 1024;

    private final ObjectMapper json = new ObjectMapper();
    private final URI control;
    private final @Nullable SSLContext tls;

    /** @param tls whom to trust with the token; null for the JDK's default trust */
    Enroller(URI control, @Nullable SSLContext tls) {
        this.control = control;
        this.tls = tls;
    }

    /**
     * @throws StreamException {@link IdentityError#ENROLMENT_REFUSED}: do not try again with this token;
     *     {@link IdentityError#CONTROL_PLANE_UNREACHABLE}: try again later
     */
    Identity enrol(OrgId org, Secret token, HostFacts machine) {
        return certified(IdentityError.ENROLMENT_REFUSED, "to enrol this host", () -> {
            KeyPair keys = SigningRequest.newKeys();
            String body = body(machine, SigningRequest.pem(keys, machine.hostName()));
            return new Asked(keys, "/orgs/" + org + "/hosts", "Bootstrap " + token.reveal(), body);
        });
    }

    /**
     * The next certificate for the same key of a host whose last one expired.
     *
     * @throws StreamException {@link IdentityError#IDENTITY_EXPIRED}: nobody lets it in by this key;
     *     {@link IdentityError#CONTROL_PLANE_UNREACHABLE}: try again later
     */
    Identity comeBack(Identity mine) {
        return certified(IdentityError.IDENTITY_EXPIRED, "to let this host come back", () -> {
            KeyPair keys = new KeyPair(mine.certificate().getPublicKey(), mine.key());
            ObjectNode body = json.createObjectNode();
            body.put("certificate", Pem.write("CERTIFICATE", mine.certificate().getEncoded()));
            body.put("csr", SigningRequest.pem(keys, mine.host().toString()));
            return new Asked(keys, "/host-certificates", null, json.writeValueAsString(body));
        });
    }

    /** What is asked, and the key that the answer is for. */
    private record Asked(
            KeyPair keys, String path, @Nullable String authorization, String body) {}

    private interface Question {
        Asked ask() throws GeneralSecurityException, JsonProcessingException;
    }

    private Identity certified(IdentityError refused, String what, Question question) {
        try {
            Asked asked = question.ask();
            HttpResponse<byte[]> response = post(asked);
            if (response.statusCode() == 201) {
                return identity(asked.keys(), json.readTree(response.body()));
            }
            throw refusal(response, refused, what);
        } catch (GeneralSecurityException | JsonProcessingException e) {
            throw new StreamException(
                    IdentityError.CONTROL_PLANE_UNREACHABLE, "the control plane's answer can't be used", e);
        } catch (IOException e) {
            throw new StreamException(
                    IdentityError.CONTROL_PLANE_UNREACHABLE,
                    "the control plane at " + control.getAuthority() + " does not answer: " + e,
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StreamException(IdentityError.CONTROL_PLANE_UNREACHABLE, "interrupted", e);
        }
    }

    private String body(HostFacts machine, String csr) throws JsonProcessingException {
        ObjectNode body = json.createObjectNode();
        body.put("hostname", machine.hostName());
        body.put("csr", csr);
        machine.system().forEach(body.putObject("os_info")::put);
        machine.gpu().forEach(body.putObject("gpu_info")::put);
        body.put("agent_version", machine.agentVersion());
        return json.writeValueAsString(body);
    }

    private HttpResponse<byte[]> post(Asked asked) throws IOException, InterruptedException {
        HttpClient.Builder builder =
                HttpClient.newBuilder().connectTimeout(LIMIT).followRedirects(HttpClient.Redirect.NEVER);
        try (HttpClient http = (tls == null ? builder : builder.sslContext(tls)).build()) {
            String base = control.toString().replaceAll("/+$", "");
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + "/api/v1" + asked.path()))
                    .timeout(LIMIT)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(asked.body()));
            String authorization = asked.authorization();
            if (authorization != null) {
                request.header("Authorization", authorization);
            }
            return http.send(
                    request.build(),
                    info -> HttpResponse.BodySubscribers.limiting(
                            HttpResponse.BodySubscribers.ofByteArray(), MAX_ANSWER_BYTES));
        }
    }

    private static Identity identity(KeyPair keys, JsonNode answer) throws GeneralSecurityException {
        return Identity.certified(
                HostId.of(answer.path("host_id").asText()),
                keys,
                answer.path("certificate").asText(),
                answer.path("ca").asText());
    }

    /**
     * An answer with a code is the control plane's own: unless its status says that it passes, it is the last word on this
     * token or key. One without a code comes from something between, and passes whatever its status.
     */
    private StreamException refusal(HttpResponse<byte[]> response, IdentityError refused, String what) {
        int status = response.statusCode();
        String said = said(response.body());
        boolean passes = status >= 500 || status == 408 || status == 425 || status == 429 || !named(response.body());
        return passes
                ? new StreamException(
                        IdentityError.CONTROL_PLANE_UNREACHABLE, "the control plane answered " + status + said)
                : new StreamException(refused, "the control plane refused " + what + " (" + status + ")" + said);
    }

    private boolean named(byte[] body) {
        try {
            return json.readTree(body).path("error").path("code").isTextual();
        } catch (IOException e) {
            return false;
        }
    }

    private String said(byte[] body) {
        try {
            JsonNode error = json.readTree(body).path("error");
            String text =
                    error.path("code").asText() + " " + error.path("message").asText();
            return text.isBlank()
                    ? ""
                    : ": "
                            + text.strip()
                                    .substring(0, Math.min(300, text.strip().length()));
        } catch (IOException e) {
            return ": "
                    + new String(body, 0, Math.min(80, body.length), StandardCharsets.UTF_8)
                            .replaceAll("\\p{Cntrl}", " ");
        }
    }
}
