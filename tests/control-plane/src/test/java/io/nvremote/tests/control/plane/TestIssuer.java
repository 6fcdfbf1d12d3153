// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** An OpenID Connect issuer over real HTTP that says whatever a test wants it to. */
final class TestIssuer implements AutoCloseable {

    static final String CLIENT = "nvremote-test";

    private final HttpServer server;
    private final KeyPair published = keys();
    private final KeyPair secret = keys();
    /** What the token endpoint answers next as the ID token. */
    volatile String idToken = "";
    /** The form that the token endpoint was asked with last. */
    volatile String asked = "";

    TestIssuer() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        serve("/.well-known/openid-configuration", this::discovery);
        serve("/keys", this::keySet);
        serve("/token", () -> RunningControlPlane.JSON
                .createObjectNode()
                .put("access_token", "unused")
                .put("token_type", "Bearer")
                .put("id_token", idToken));
        server.start();
    }

    private static KeyPair keys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    private void serve(String path, Supplier<ObjectNode> answer) {
        server.createContext(path, exchange -> {
            String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (path.equals("/token")) {
                asked = form;
            }
            byte[] body = answer.get().toString().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private ObjectNode discovery() {
        return RunningControlPlane.JSON
                .createObjectNode()
                .put("issuer", url())
                .put("authorization_endpoint", url() + "/authorize")
                .put("token_endpoint", url() + "/token")
                .put("jwks_uri", url() + "/keys");
    }

    private ObjectNode keySet() {
        RSAPublicKey key = (RSAPublicKey) published.getPublic();
        ObjectNode set = RunningControlPlane.JSON.createObjectNode();
        set.putArray("keys")
                .addObject()
                .put("kty", "RSA")
                .put("kid", "k1")
                .put("use", "sig")
                .put("alg", "RS256")
                .put("n", base64(unsigned(key.getModulus())))
                .put("e", base64(unsigned(key.getPublicExponent())));
        return set;
    }

    private static byte[] unsigned(BigInteger value) {
        byte[] bytes = value.toByteArray();
        return bytes[0] == 0 ? java.util.Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Claims that are in order. */
    ObjectNode claims(String subject, String nonce) {
        long now = Instant.now().getEpochSecond();
        return RunningControlPlane.JSON
                .createObjectNode()
                .put("iss", url())
                .put("aud", CLIENT)
                .put("sub", subject)
                .put("name", subject)
                .put("email", subject + "@example.com")
                .put("email_verified", true)
                .put("nonce", nonce)
                .put("iat", now)
                .put("exp", now + 300);
    }

    private static String unsigned(String algorithm, ObjectNode claims) {
        ObjectNode header = RunningControlPlane.JSON
                .createObjectNode()
                .put("alg", algorithm)
                .put("kid", "k1")
                .put("typ", "JWT");
        return base64(header.toString().getBytes(StandardCharsets.UTF_8)) + "."
                + base64(claims.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** With the key that the issuer publishes. */
    String signed(ObjectNode claims) throws Exception {
        return signed(claims, published);
    }

    /** With a key that the issuer does not publish, under the name of the one it does. */
    String signedByAnotherKey(ObjectNode claims) throws Exception {
        return signed(claims, secret);
    }

    private static String signed(ObjectNode claims, KeyPair keys) throws Exception {
        String content = unsigned("RS256", claims);
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(keys.getPrivate());
        signature.update(content.getBytes(StandardCharsets.US_ASCII));
        return content + "." + base64(signature.sign());
    }

    /** With {@code alg: none} and no signature. */
    String unsigned(ObjectNode claims) {
        return unsigned("none", claims) + ".";
    }

    /** With the public key as if it were a shared secret. */
    String signedByThePublicKey(ObjectNode claims) throws Exception {
        String content = unsigned("HS256", claims);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(published.getPublic().getEncoded(), "HmacSHA256"));
        return content + "." + base64(mac.doFinal(content.getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
