// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The demo's administrator at the control plane: signs in at the development identity provider (RFC 8252 with PKCE, the
 * form filled in by this program), makes the organisation and the host's bootstrap token. Tokens stay in memory.
 */
final class ControlPlaneAccount {

    private static final String REDIRECT = "http://127.0.0.1:9/callback";
    private static final Pattern FORM = Pattern.compile("<form\\b([^>]*)>(.*?)</form>", Pattern.DOTALL);
    private static final Pattern INPUT = Pattern.compile("<input\\b([^>]*)>");
    private static final Pattern BUTTON = Pattern.compile("<button\\b([^>]*)>");
    private static final int HOPS = 12;

    private final URI base;
    private final HttpClient http;
    private final ObjectMapper json = new ObjectMapper();
    private String accessToken = "";

    private ControlPlaneAccount(URI base, HttpClient http) {
        this.base = base;
        this.http = http;
    }

    /** @param ca PEM file of the control plane's own authority */
    static ControlPlaneAccount at(URI base, Path ca) {
        return new ControlPlaneAccount(
                base,
                HttpClient.newBuilder()
                        .sslContext(trusting(ca))
                        .connectTimeout(Duration.ofSeconds(5))
                        .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
                        .build());
    }

    private static SSLContext trusting(Path ca) {
        try (InputStream in = Files.newInputStream(ca)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int i = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca" + i++, certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new Trouble("the control plane's certificate authority can't be read from " + ca, e);
        }
    }

    /**
     * Whether the control plane says that it is ready. Under the API's own path only once it is ready at all: asking while
     * that is being published makes the library fail.
     */
    boolean ready() {
        return good("/readyz") && good("/api/v1/readyz");
    }

    private boolean good(String path) {
        try {
            return http.send(get(base.resolve(path)), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false; // not listening yet
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Signs in at the development identity provider. */
    void signIn(String user) {
        byte[] random = new byte[32];
        SecureRandom secure = new SecureRandom();
        secure.nextBytes(random);
        String verifier = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        secure.nextBytes(random);
        String state = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", "nvremote-client");
        query.put("redirect_uri", REDIRECT);
        query.put("code_challenge", challenge(verifier));
        query.put("code_challenge_method", "S256");
        query.put("state", state);
        Map<String, String> answer = walk(base.resolve("/api/v1/auth/authorize?" + encoded(query)), user);
        if (!state.equals(answer.get("state")) || answer.get("code") == null) {
            throw new Trouble("the sign-in was refused: " + answer.getOrDefault("error", "no code came back"));
        }
        ObjectNode body = json.createObjectNode();
        body.put("code", answer.get("code")).put("code_verifier", verifier).put("redirect_uri", REDIRECT);
        accessToken = post("/api/v1/auth/google", body).path("access_token").asText();
    }

    /** The organisation of that name, made if this account is a member of none called so (the folder may be used again). */
    String org(String name, String slug) {
        JsonNode me =
                call(HttpRequest.newBuilder(base.resolve("/api/v1/users/me")).GET());
        for (JsonNode membership : me.path("memberships")) {
            if (membership.path("org_slug").asText().equals(slug)) {
                return membership.path("org_id").asText();
            }
        }
        return post("/api/v1/orgs", json.createObjectNode().put("name", name).put("slug", slug))
                .path("id")
                .asText();
    }

    /** A single-use token with which one host may enrol. */
    String bootstrapToken(String org) {
        return post("/api/v1/orgs/" + org + "/hosts/bootstrap-token", json.createObjectNode())
                .path("token")
                .asText();
    }

    /** Whether the host of that organisation is there and online. */
    boolean hostOnline(String org) {
        JsonNode answer = call(HttpRequest.newBuilder(base.resolve("/api/v1/orgs/" + org + "/hosts"))
                .GET());
        JsonNode list = answer.path("items");
        for (JsonNode host : list) {
            if (host.path("status").asText().equalsIgnoreCase("ONLINE")) {
                return true;
            }
        }
        return false;
    }

    private JsonNode post(String path, ObjectNode body) {
        return call(HttpRequest.newBuilder(base.resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    private JsonNode call(HttpRequest.Builder request) {
        if (!accessToken.isEmpty()) {
            request.header("Authorization", "Bearer " + accessToken);
        }
        HttpRequest built = request.header("Accept", "application/json")
                .timeout(Duration.ofSeconds(20))
                .build();
        HttpResponse<String> answer = send(built);
        try {
            JsonNode node = json.readTree(answer.body());
            if (answer.statusCode() / 100 != 2) {
                JsonNode error = node.path("error");
                throw new Trouble(built.uri().getPath() + " was refused with " + answer.statusCode() + " "
                        + error.path("code").asText() + ": "
                        + error.path("message").asText());
            }
            return node;
        } catch (IOException e) {
            throw new Trouble(built.uri().getPath() + " answered " + answer.statusCode() + " without JSON", e);
        }
    }

    private Map<String, String> walk(URI start, String user) {
        HttpRequest request = get(start);
        for (int hop = 0; hop < HOPS; hop++) {
            HttpResponse<String> answer = send(request);
            URI at = request.uri();
            String location = answer.headers().firstValue("Location").orElse(null);
            if (answer.statusCode() / 100 == 3 && location != null) {
                URI next = at.resolve(location);
                if (next.toString().startsWith(REDIRECT)) {
                    return decoded(next.getRawQuery());
                }
                request = get(next);
            } else if (answer.statusCode() == 200) {
                request = fill(at, answer.body(), user);
            } else {
                throw new Trouble("the sign-in stopped at " + at.getPath() + " with status " + answer.statusCode());
            }
        }
        throw new Trouble("the sign-in took more than " + HOPS + " steps");
    }

    private static HttpRequest fill(URI at, String page, String user) {
        Matcher form = FORM.matcher(page);
        if (!form.find()) {
            throw new Trouble("the sign-in met a page without a form at " + at.getPath());
        }
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher input = INPUT.matcher(form.group(2));
        while (input.find()) {
            String name = attribute(input.group(1), "name");
            String type = attribute(input.group(1), "type");
            if (!name.isEmpty() && type.equals("hidden")) {
                fields.put(name, attribute(input.group(1), "value"));
            }
        }
        Matcher button = BUTTON.matcher(form.group(2));
        while (button.find()) {
            if (attribute(button.group(1), "value").equals(user)) {
                fields.put(attribute(button.group(1), "name"), user);
            }
        }
        String action = attribute(form.group(1), "action");
        return HttpRequest.newBuilder(action.isEmpty() ? at : at.resolve(action))
                .timeout(Duration.ofSeconds(15))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", at.getScheme() + "://" + at.getRawAuthority())
                .POST(HttpRequest.BodyPublishers.ofString(encoded(fields)))
                .build();
    }

    private static String attribute(String tag, String name) {
        Matcher found = Pattern.compile("\\b" + name + "\\s*=\\s*\"([^\"]*)\"").matcher(tag);
        return found.find()
                ? found.group(1)
                        .replace("&quot;", "\"")
                        .replace("&#39;", "'")
                        .replace("&lt;", "<")
                        .replace("&gt;", ">")
                        .replace("&amp;", "&")
                : "";
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new Trouble("the control plane does not answer at " + base, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Trouble("interrupted");
        }
    }

    private static HttpRequest get(URI uri) {
        return HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(15)).build();
    }

    private static String encoded(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(e -> URLEncoder.encode(e.getKey(), StandardCharsets.UTF_8) + "="
                        + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static Map<String, String> decoded(@Nullable String query) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String pair : (query == null ? "" : query).split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                fields.put(
                        URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return fields;
    }

    private static String challenge(String verifier) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
