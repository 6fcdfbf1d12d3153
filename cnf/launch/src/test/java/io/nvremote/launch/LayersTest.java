// SPDX-License-Identifier: Apache-2.0
package io.nvremote.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayersTest {

    private final Layers layers = new Layers();

    @TempDir
    Path folder;

    private Object value(String pid, String key) {
        return layers.configurations().get(pid).get(key).value();
    }

    @Test
    void the_later_one_wins_key_by_key() {
        layers.add("{\":configurator:version\":\"1\",\"a.b\":{\"x:Integer\":1,\"y\":\"one\"},\"c.d\":{}}", "first");
        layers.add("{\"a.b\":{\"x\":2,\"z\":[1]},\"e.f\":{\"g\":true}}", "second");
        assertThat(layers.configurations().keySet()).containsExactly("a.b", "c.d", "e.f");
        assertThat(value("a.b", "x")).isEqualTo(new BigDecimal(2));
        assertThat(value("a.b", "y")).isEqualTo("one");
        assertThat(layers.configurations().get("a.b").get("x").origin()).isEqualTo("second");
        assertThat(Json.object(layers.json("test"), "written"))
                .containsEntry(":configurator:symbolic-name", "io.nvremote.runtime.test")
                .containsEntry("a.b", Map.of("x", new BigDecimal(2), "y", "one", "z", List.of(new BigDecimal(1))));
    }

    @Test
    void null_takes_a_key_or_a_configuration_away() {
        layers.add("{\"a.b\":{\"x\":1,\"y\":2},\"c.d\":{\"x\":1}}", "first");
        layers.add("{\"a.b\":{\"x\":null},\"c.d\":null}", "second");
        assertThat(layers.configurations()).containsOnlyKeys("a.b");
        assertThat(layers.configurations().get("a.b")).containsOnlyKeys("y");
        layers.add("{\"c.d\":{\"z\":1}}", "third");
        assertThat(layers.configurations().get("c.d")).containsOnlyKeys("z");
    }

    @Test
    void a_folder_is_its_files_in_the_order_of_their_names() throws IOException {
        Files.writeString(folder.resolve("20.json"), "{\"a.b\":{\"x\":\"later\"}}");
        Files.writeString(folder.resolve("10.json"), "{\"a.b\":{\"x\":\"earlier\",\"y\":1}}");
        Files.writeString(folder.resolve("note.txt"), "no configuration");
        layers.add(folder);
        assertThat(value("a.b", "x")).isEqualTo("later");
        assertThat(layers.configurations().get("a.b")).containsKey("y");
    }

    @Test
    void properties_set_single_keys() {
        layers.add("{\"a.b\":{\"x\":1}}", "first");
        layers.add(Map.of("a.b/x", "2", "a.c~main/list", "[\"p\",\"q\"]", "java.home", "/a/b", "a/b.c", "no"));
        assertThat(layers.configurations()).containsOnlyKeys("a.b", "a.c~main");
        assertThat(value("a.b", "x")).isEqualTo("2");
        assertThat(value("a.c~main", "list")).isEqualTo(List.of("p", "q"));
    }

    @Test
    void what_can_t_be_read_is_said() throws IOException {
        assertThatThrownBy(() -> layers.add(folder)).hasMessageContaining("without any *.json");
        assertThatThrownBy(() -> layers.add(folder.resolve("gone.json"))).hasMessageContaining("is not there");
        Path latin = Files.write(folder.resolve("latin.json"), new byte[] {'{', '"', (byte) 0xe9, '"', '}'});
        assertThatThrownBy(() -> layers.add(latin)).hasMessageContaining("UTF-8");
        assertThatThrownBy(() -> layers.add("{\"a.b\":5}", "x.json")).hasMessageContaining("x.json: \"a.b\"");
    }
}
