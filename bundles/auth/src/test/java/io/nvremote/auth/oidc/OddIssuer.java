// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An issuer over real HTTP with the habits of real ones: each is a field that a test sets. */
final class OddIssuer implements AutoCloseable {

    private final HttpServer server;
    private final RSAKey rsa;
    private final ECKey ec;

    /** What the issuer's own name ends in. */
    String ending = "";

    String algorithm = "RS256";
    boolean keyId = true;
    /** The one way to show a secret that is registered for us; empty for any. */
    String onlyMethod = "";
    /** Also told by discovery. */
    List<String> toldMethods = List.of();
    /** Seconds that the issuer's clock is ahead. */
    long ahead;
    /** Claims of the ID token that differ; null takes one away. */
    final Map<String, Object> claims = new HashMap<>();

    final Map<String, Object> userInfo = new HashMap<>();
    /** Status and body of the token endpoint, if it refuses. */
    int tokenStatus = 200;

    String tokenBody = "";
    final List<String> methodsSeen = new ArrayList<>();

    OddIssuer() throws IOException, JOSEException {
        rsa = new RSAKeyGenerator(2048)
                .keyID("k1")
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(JWSAlgorithm.RS256)
                .generate();
        ec = new ECKeyGenerator(Curve.P_384)
                .keyID("k384")
                .keyUse(KeyUse.SIGNATURE)
                .generate();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        serve("/realm/.well-known/openid-configuration", this::discovery);
        serve("/realm/keys", exchange -> new JWKSet(List.of(rsa, ec)).toString(true));
        serve("/realm/token", this::token);
        serve("/realm/userinfo", exchange -> {
            String wanted = exchange.getRequestHeaders().getFirst("Authorization");
            return "Bearer access".equals(wanted) ? JSONObjectUtils.toJSONString(userInfo) : null;
        });
        server.start();
    }

    /** Answers a request; null for 401. */
    private interface Page {
        String of(HttpExchange exchange) throws Exception;
    }

    private void serve(String path, Page page) {
        server.createContext(path, exchange -> {
            int status = 200;
            String body;
            try {
                body = page.of(exchange);
            } catch (Exception e) {
                throw new IOException(e);
            }
            if (body == null) {
                status = 401;
                body = "{\"error\":\"invalid_client\",\"error_description\":\"only " + onlyMethod
                        + "\\r\\nis registered\"}";
            } else if (path.endsWith("/token")) {
                status = tokenStatus;
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/realm";
    }

    private String discovery(HttpExchange exchange) {
        Map<String, Object> document = new TreeMap<>(Map.of(
                "issuer", url() + ending,
                "authorization_endpoint", url() + "/authorize",
                "token_endpoint", url() + "/token",
                "userinfo_endpoint", url() + "/userinfo",
                "jwks_uri", url() + "/keys"));
        if (!toldMethods.isEmpty()) {
            document.put("token_endpoint_auth_methods_supported", toldMethods);
        }
        return JSONObjectUtils.toJSONString(document);
    }

    private String token(HttpExchange exchange) throws Exception {
        String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        String used = authorization != null && authorization.startsWith("Basic ")
                ? "client_secret_basic"
                : form.contains("client_secret=") ? "client_secret_post" : "none";
        methodsSeen.add(used);
        if (!onlyMethod.isEmpty() && !onlyMethod.equals(used)) {
            return null;
        }
        return tokenStatus == 200
                ? JSONObjectUtils.toJSONString(
                        Map.of("access_token", "access", "token_type", "Bearer", "id_token", idToken()))
                : tokenBody;
    }

    private String idToken() throws JOSEException {
        Instant now = Instant.now().plusSeconds(ahead);
        Map<String, Object> all = new HashMap<>(Map.of(
                "iss", url() + ending,
                "sub", "u1",
                "aud", "lab",
                "iat", now.getEpochSecond(),
                "exp", now.getEpochSecond() + 300,
                "nonce", "the-nonce",
                "email", "ada@example.com",
                "email_verified", true,
                "name", "Ada"));
        all.putAll(claims);
        all.values().removeIf(java.util.Objects::isNull);
        JWTClaimsSet set;
        try {
            set = JWTClaimsSet.parse(all);
        } catch (java.text.ParseException e) {
            throw new JOSEException(e.getMessage(), e);
        }
        boolean curve = algorithm.startsWith("ES");
        JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.parse(algorithm));
        if (keyId) {
            header.keyID(curve ? "k384" : "k1");
        }
        SignedJWT token = new SignedJWT(header.build(), set);
        token.sign(curve ? new ECDSASigner(ec) : new RSASSASigner(rsa));
        return token.serialize();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
