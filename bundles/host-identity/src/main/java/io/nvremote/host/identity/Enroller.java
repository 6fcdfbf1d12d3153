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
import io.nvremote.identity.IdentityError;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Becomes a host of an organisation: makes a key, has it certified against a bootstrap token. The key never leaves this process.
 * One attempt per call; it blocks.
 */
final class Enroller {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int MAX_ANSWER_BYTES = 256 * 1024;

    private final ObjectMapper json = new ObjectMapper();
    private final URI control;
    private final OrgId org;
    private final @Nullable SSLContext tls;

    /** @param tls whom to trust with the token; null for the JDK's default trust */
    Enroller(URI control, OrgId org, @Nullable SSLContext tls) {
        this.control = control;
        this.org = org;
        this.tls = tls;
    }

    /**
     * @param gpu what is known of the machine's GPU; may be empty
     * @throws StreamException {@link IdentityError#ENROLMENT_REFUSED}: do not try again with this token;
     *     {@link IdentityError#CONTROL_PLANE_UNREACHABLE}: try again later
     */
    Identity enrol(Secret token, String hostName, Map<String, String> gpu) {
        try {
            KeyPair keys = SigningRequest.newKeys();
            HttpResponse<byte[]> response = post(token, body(hostName, SigningRequest.pem(keys, hostName), gpu));
            if (response.statusCode() == 201) {
                return identity(keys, json.readTree(response.body()));
            }
            throw refusal(response);
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
            throw new StreamException(IdentityError.CONTROL_PLANE_UNREACHABLE, "enrolment was interrupted", e);
        }
    }

    private byte[] body(String hostName, String csr, Map<String, String> gpu) throws JsonProcessingException {
        ObjectNode body = json.createObjectNode();
        body.put("hostname", hostName);
        body.put("csr", csr);
        body.putObject("os_info")
                .put("name", System.getProperty("os.name"))
                .put("version", System.getProperty("os.version"))
                .put("arch", System.getProperty("os.arch"));
        ObjectNode gpuInfo = body.putObject("gpu_info");
        gpu.forEach(gpuInfo::put);
        body.put(
                "agent_version",
                Objects.requireNonNullElse(Enroller.class.getPackage().getImplementationVersion(), "0.1.0"));
        return json.writeValueAsBytes(body);
    }

    private HttpResponse<byte[]> post(Secret token, byte[] body) throws IOException, InterruptedException {
        HttpClient.Builder builder =
                HttpClient.newBuilder().connectTimeout(LIMIT).followRedirects(HttpClient.Redirect.NEVER);
        try (HttpClient http = (tls == null ? builder : builder.sslContext(tls)).build()) {
            String base = control.toString().replaceAll("/+$", "");
            HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/api/v1/orgs/" + org + "/hosts"))
                    .timeout(LIMIT)
                    .header("Authorization", "Bootstrap " + token.reveal())
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            return http.send(
                    request,
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
     * token. One without a code comes from something between, and passes whatever its status.
     */
    private StreamException refusal(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        String said = said(response.body());
        boolean passes = status >= 500 || status == 408 || status == 425 || status == 429 || !named(response.body());
        return passes
                ? new StreamException(
                        IdentityError.CONTROL_PLANE_UNREACHABLE, "the control plane answered " + status + said)
                : new StreamException(
                        IdentityError.ENROLMENT_REFUSED,
                        "the control plane refused to enrol this host (" + status + ")" + said);
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
