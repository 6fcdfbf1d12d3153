// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.nvremote.rest.CallerRole;
import io.nvremote.rest.Open;
import io.nvremote.rest.Operation;
import io.nvremote.rest.Problem;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.ws.rs.GET;
import org.junit.jupiter.api.Test;

/** Each bundle of resources carries the OpenAPI part that its code makes. */
class OpenApiTest {

    private static final String PART = "src/main/resources/OSGI-INF/openapi.json";

    @Test
    void every_bundle_of_resources_carries_the_part_that_its_code_makes() throws Exception {
        List<String> ids = new ArrayList<>();
        List<URL> folders = new ArrayList<>();
        for (Room room : Room.all()) {
            folders.add(room.classes().toUri().toURL());
        }
        try (URLClassLoader loader =
                new URLClassLoader(folders.toArray(URL[]::new), getClass().getClassLoader())) {
            for (Room room : Room.all()) {
                List<Class<?>> resources = resources(room, loader);
                if (!resources.isEmpty()) {
                    String family = room.folder().substring(room.folder().lastIndexOf('-') + 1);
                    OpenApiPart part = new OpenApiPart(family);
                    resources.forEach(part::add);
                    if (room.folder().equals("rest")) {
                        part.add("Problem", Problem.class); // every answer's that is none
                    }
                    Path file = Room.root()
                            .resolve("bundles")
                            .resolve(room.folder())
                            .resolve(PART);
                    DocsTest.compareOrWrite(file, part.json());
                    new ObjectMapper()
                            .readTree(part.json())
                            .findValuesAsText("operationId")
                            .forEach(ids::add);
                }
            }
        }
        assertThat(ids).hasSizeGreaterThan(15).doesNotHaveDuplicates();
    }

    private static List<Class<?>> resources(Room room, ClassLoader loader) throws Exception {
        List<Class<?>> found = new ArrayList<>();
        if (!room.folder().startsWith("rest") || room.folder().equals("rest-api")) {
            return found;
        }
        for (Path file : room.classFiles()) {
            String name =
                    room.classes().relativize(file).toString().replace('/', '.').replaceAll("\\.class$", "");
            Class<?> type = Class.forName(name, false, loader);
            if (type.isAnnotationPresent(javax.ws.rs.Path.class)) {
                found.add(type);
            }
        }
        return found;
    }

    /** A resource with everything that the signature alone can't tell left out. */
    @javax.ws.rs.Path("/bare")
    static final class Bare {
        @GET
        public void nothing() {}
    }

    /** A resource with two fields, one of which may be absent. */
    @javax.ws.rs.Path("/pairs")
    static final class Pairs {
        record PairView(
                String firstName,
                @org.jspecify.annotations.Nullable Long howMany) {}

        @GET
        @Operation(id = "pair", role = CallerRole.GUEST, summary = "One pair", answers = "The pair", problems = 404)
        @javax.ws.rs.Path("/{pair}")
        public PairView one(@javax.ws.rs.PathParam("pair") String id) {
            return new PairView(id, null);
        }
    }

    /** A guarded resource that does not say for whom. */
    @javax.ws.rs.Path("/anybody")
    static final class Anybody {
        @GET
        @Operation(id = "anybody", summary = "?", answers = "?")
        public void something() {}
    }

    /** One for nobody in particular that says for whom. */
    @javax.ws.rs.Path("/both")
    static final class Both {
        @GET
        @Open
        @Operation(id = "both", role = CallerRole.ADMIN, summary = "?", answers = "?")
        public void something() {}
    }

    @Test
    void a_method_says_whom_it_is_for_unless_it_is_open() {
        for (Class<?> wrong : List.of(Anybody.class, Both.class)) {
            assertThatThrownBy(() -> new OpenApiPart("x").add(wrong)).hasMessageContaining("whom it is for");
        }
    }

    @Test
    void a_method_that_says_nothing_of_itself_is_found_out() {
        assertThatThrownBy(() -> new OpenApiPart("x").add(Bare.class)).hasMessageContaining("nothing()");
    }

    @Test
    void paths_fields_statuses_and_what_may_be_absent_come_from_the_code() throws Exception {
        OpenApiPart part = new OpenApiPart("x");
        part.add(Pairs.class);
        var json = new ObjectMapper().readTree(part.json());
        var operation = json.at("/paths").get("/pairs/{pair}").get("get");
        assertThat(operation.get("responses").properties().stream().map(e -> e.getKey()))
                .containsExactlyInAnyOrder("200", "400", "401", "404");
        assertThat(operation.get("x-role").asText()).isEqualTo("guest");
        assertThat(operation.at("/parameters/0/in").asText()).isEqualTo("path");
        assertThat(json.at("/schemas/Pair/required/0").asText()).isEqualTo("first_name");
        assertThat(json.at("/schemas/Pair/required")).hasSize(1);
        assertThat(json.at("/schemas/Pair/properties/how_many/type").asText()).isEqualTo("integer");
    }
}
