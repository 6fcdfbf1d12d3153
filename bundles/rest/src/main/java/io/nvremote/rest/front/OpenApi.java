// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collection;

/** The OpenAPI document: a frame of our own, and the parts that the bundles of resources bring. */
final class OpenApi {

    /** Where a bundle of resources has its part: {@code paths} and {@code schemas}, made from its code by the build. */
    static final String PART = "OSGI-INF/openapi.json";

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
                ObjectNode more = (ObjectNode) JSON.readTree(part);
                document.withObject("/paths").setAll((ObjectNode) more.get("paths"));
                document.withObject("/components/schemas").setAll((ObjectNode) more.get("schemas"));
            }
            document.withObject("/paths").forEach(path -> path.forEach(OpenApi::addHeaders));
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
