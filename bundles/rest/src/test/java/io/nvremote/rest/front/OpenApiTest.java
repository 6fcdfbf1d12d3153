// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts that others wrote, as OpenAPI allows them and as it does not. */
class OpenApiTest {

    @TempDir
    Path folder;

    private JsonNode document(String... parts) throws IOException {
        List<URL> urls = new ArrayList<>();
        for (String part : parts) {
            Path file = Files.writeString(folder.resolve(urls.size() + ".json"), part);
            urls.add(file.toUri().toURL());
        }
        return new ObjectMapper().readTree(OpenApi.document(urls));
    }

    @Test
    void what_a_path_says_of_all_its_operations_stays_and_its_operations_get_ours() throws IOException {
        JsonNode path = document("""
                {"paths": {"/a": {"summary": "A", "parameters": [{"name": "id"}], "servers": [],
                  "get": {"responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/x"}}}}}}}}}""").at("/paths/~1a");
        assertThat(path.at("/parameters/0/name").asText()).isEqualTo("id");
        assertThat(path.at("/get/responses/304")).isNotEmpty();
        assertThat(path.at("/get/parameters")).hasSize(2);
    }

    @Test
    void what_is_no_part_costs_itself_and_what_is_said_first_stays() throws IOException {
        JsonNode document = document(
                "{\"paths\": {\"/a\": {\"summary\": \"first\"}}, \"schemas\": {\"A\": {\"type\": \"string\"}}}",
                "{broken",
                "[]",
                "{}",
                "{\"paths\": {\"/a\": {\"summary\": \"second\"}, \"/b\": 5}, \"schemas\": {\"A\": {}, \"B\": {}}}");
        assertThat(document.at("/paths/~1a/summary").asText()).isEqualTo("first");
        assertThat(document.at("/components/schemas/A/type").asText()).isEqualTo("string");
        assertThat(document.at("/components/schemas").has("B")).isTrue();
    }
}
