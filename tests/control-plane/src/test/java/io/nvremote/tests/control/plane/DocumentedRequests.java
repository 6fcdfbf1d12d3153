// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The operations of a control plane's OpenAPI document, and requests of them that are in order: about one organisation, and a host and
 * an ended session made for each alone.
 */
final class DocumentedRequests {

    private static final String KEY = "A".repeat(42) + "E=";
    private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");

    private final RunningControlPlane plane;
    private final String org;
    private final String owner;
    private final UUID gateway = UUID.randomUUID();
    private final JsonNode document;
    private int requests;

    /** @param owner the user whose the sessions are */
    DocumentedRequests(RunningControlPlane plane, String org, String owner) throws Exception {
        this.plane = plane;
        this.org = org;
        this.owner = owner;
        plane.sql(
                "INSERT INTO nvremote.gateways (id, endpoint, public_key, pairs, announced_at) VALUES (?, '127.0.0.1:1', ?, 1, now())",
                gateway,
                KEY);
        document = plane.call("GET", "/openapi.json", null, null).body();
    }

    /** One operation of the document. */
    record Operation(String method, String path, JsonNode says) {

        String role() {
            return says.path("x-role").asText("none of the document");
        }

        /** Asks for a token of its own kind. */
        boolean otherToken() {
            return says.path("security").path(0).has("bootstrap");
        }

        @Override
        public String toString() {
            return method + " " + path + " for " + role();
        }
    }

    /** A request of an operation; without a body it is null. */
    record Made(Operation operation, String address, String body) {}

    List<Operation> operations() {
        List<Operation> found = new ArrayList<>();
        document.get("paths").properties().forEach(path -> path.getValue()
                .properties()
                .forEach(one -> found.add(
                        new Operation(one.getKey().toUpperCase(Locale.ROOT), path.getKey(), one.getValue()))));
        return found;
    }

    /** With names that no request had before. */
    Made made(Operation operation) throws Exception {
        requests++;
        UUID host = UUID.randomUUID();
        UUID session = UUID.randomUUID();
        plane.sql(
                "INSERT INTO nvremote.hosts (org_id, id, hostname, registered_at) VALUES (?, ?, 'box', now())",
                UUID.fromString(org),
                host);
        plane.sql(
                "INSERT INTO nvremote.sessions (org_id, id, user_id, host_id, gateway_id, pair_no, status, client_public_key,"
                        + " gateway_endpoint, gateway_public_key, created_at, deadline, ended_at) VALUES (?, ?, ?, ?, ?, 0,"
                        + " 'TERMINATED', ?, '127.0.0.1:1', ?, now(), now(), now())",
                UUID.fromString(org),
                session,
                UUID.fromString(owner),
                host,
                gateway,
                KEY,
                KEY);
        String path = PARAMETER.matcher(operation.path()).replaceAll(found -> switch (found.group(1)) {
            case "org" -> org;
            case "host" -> host.toString();
            case "session" -> session.toString();
            default -> UUID.randomUUID().toString(); // nobody's
        });
        JsonNode schema = operation.says().at("/requestBody/content/application~1json/schema");
        return new Made(
                operation,
                path + query(operation, host),
                schema.isMissingNode() ? null : value("", schema, host).toString());
    }

    private String query(Operation operation, UUID host) {
        StringBuilder query = new StringBuilder();
        for (JsonNode each : operation.says().path("parameters")) {
            if (each.path("in").asText().equals("query")
                    && each.path("required").asBoolean()) {
                String name = each.get("name").asText();
                query.append(query.isEmpty() ? '?' : '&')
                        .append(name)
                        .append('=')
                        .append(URLEncoder.encode(
                                value(name, each.get("schema"), host).asText(), StandardCharsets.UTF_8));
            }
        }
        return query.toString();
    }

    /** A value that is in order; what the document can't say of it goes by its name. */
    private JsonNode value(String name, JsonNode says, UUID host) {
        JsonNode schema =
                says.has("$ref") ? document.at(says.get("$ref").asText().substring(1)) : says;
        ObjectNode object = RunningControlPlane.JSON.createObjectNode();
        if (schema.path("type").asText().equals("object")) {
            schema.path("required")
                    .forEach(field -> object.set(
                            field.asText(),
                            value(field.asText(), schema.get("properties").get(field.asText()), host)));
            return object;
        }
        if (schema.path("type").asText().equals("integer")) {
            return object.numberNode(schema.path("minimum").asInt(1));
        }
        if (schema.has("enum")) {
            return schema.get("enum").get(0);
        }
        return object.textNode(
                switch (name) {
                    case "host_id" -> host.toString();
                    case "client_public_key" -> KEY;
                    case "email" -> "somebody-" + requests + "@example.org";
                    case "slug" -> "slug-" + requests;
                    case "from" -> Instant.now().minusSeconds(60).toString();
                    case "to" -> Instant.now().toString();
                    default -> "x";
                });
    }
}
