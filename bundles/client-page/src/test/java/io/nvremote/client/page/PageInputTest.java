// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvremote.core.StreamException;
import io.nvremote.input.InputEvent;
import io.nvremote.lib.json.Json;
import io.nvremote.viewer.ViewerError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageInputTest {

    @Test
    void every_event_of_the_page_is_read() {
        assertThat(read("[\"k\",4,1]")).isEqualTo(new InputEvent.Key(4, true));
        assertThat(read("[\"p\",0,65535]")).isEqualTo(new InputEvent.PointerTo(0, 65_535));
        assertThat(read("[\"m\",-3,7]")).isEqualTo(new InputEvent.PointerBy(-3, 7));
        assertThat(read("[\"b\",9,0]")).isEqualTo(new InputEvent.Button(9, false));
        assertThat(read("[\"w\",0,-120]")).isEqualTo(new InputEvent.Wheel(0, -120));
        assertThat(read("[\"l\",57,1]")).isEqualTo(new InputEvent.Lock(57, true));
        assertThat(read("[\"t\",\"é日\"]")).isEqualTo(new InputEvent.Text("é日"));
        assertThat(read("[\"r\"]")).isEqualTo(new InputEvent.ReleaseAll());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "[\"z\"]",
                "[\"k\",4]",
                "[\"k\",70000,1]",
                "[\"k\",4,2]",
                "[\"p\",-1,0]",
                "[\"p\",1.5,0]",
                "[\"b\",0,1]",
                "[\"t\",7]",
                "[\"l\",57,2]",
                "{\"k\":1}",
                "[\"k\",\"4\",1]"
            })
    void anything_else_is_refused(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(StreamException.class);
    }

    private static InputEvent read(String text) {
        JsonNode all = Json.read("{\"event\":" + text + "}", ViewerError.BAD_REQUEST);
        return PageInput.read(all.path("event"));
    }
}
