// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.Keys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collection;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The OpenAPI document: a frame of our own, and the parts that the bundles of resources bring. */
final class OpenApi {

    /** Where a bundle of resources has its part: {@code paths} and {@code schemas}, made from its code by the build. */
    static final String PART = "OSGI-INF/openapi.json";

    /** What a path may have beside its parameters and descriptions (OpenAPI 3.1, section 4.8.9). */
    static final Set<String> OPERATIONS = Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

    private static final Logger LOG = LoggerFactory.getLogger(OpenApi.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private OpenApi() {}

    static String document(Collection<URL> parts) {
        try {
            URL frame = OpenApi.class.getResource("openapi-frame.json");
            if (frame == null) {
                throw new IllegalStateException("openapi-frame.json is not in this bundle");
            }
            ObjectNode document = (ObjectNode) JSON.readTree(frame);
            for (URL part : parts) {
                add(document, part);
            }
            document.withObject("/paths").forEach(path -> OPERATIONS.stream()
                    .map(path::get)
                    .filter(ObjectNode.class::isInstance)
                    .forEach(OpenApi::addHeaders));
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Somebody else's part that can't be read, or says what is said already, costs nobody else's. */
    private static void add(ObjectNode document, URL part) {
        try {
            JsonNode more = JSON.readTree(part);
            more.path("paths").properties().forEach(path -> document.withObject("/paths")
                    .putIfAbsent(path.getKey(), path.getValue()));
            more.path("schemas").properties().forEach(schema -> document.withObject("/components/schemas")
                    .putIfAbsent(schema.getKey(), schema.getValue()));
        } catch (IOException e) {
            LOG.atWarn()
                    .setMessage("a bundle's part of the OpenAPI document can't be read")
                    .addKeyValue(Keys.FILE, part)
                    .addKeyValue(Keys.REASON, e.getMessage())
                    .log();
        }
    }

    /** What the guard and the filters before it do for every operation alike. */
    private static void addHeaders(JsonNode operation) {
        ObjectNode responses = (ObjectNode) operation.path("responses");
        refer((ObjectNode) operation, "parameters", "RequestId");
        ObjectNode ok = (ObjectNode) responses.get("200");
        // Only what reads has an operation without a body that answers with one of our schemas.
        if (ok != null
                && !operation.has("requestBody")
                && ok.at("/content/application~1json/schema").has("$ref")) {
            refer((ObjectNode) operation, "parameters", "IfNoneMatch");
            ok.withObject("/headers/ETag").put("$ref", "#/components/headers/ETag");
            responses.putObject("304").put("$ref", "#/components/responses/NotModified");
        }
    }

    private static void refer(ObjectNode operation, String list, String name) {
        operation.withArray(list).addObject().put("$ref", "#/components/" + list + "/" + name);
    }
}
