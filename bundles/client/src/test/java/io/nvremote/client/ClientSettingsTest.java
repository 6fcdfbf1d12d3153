// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.PathPolicy;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientSettingsTest {

    /** As the runtime reads an empty configuration. */
    private static final ClientConfig DEFAULTS = (ClientConfig) Proxy.newProxyInstance(
            ClientConfig.class.getClassLoader(),
            new Class<?>[] {ClientConfig.class},
            (proxy, method, arguments) -> method.getDefaultValue());

    @Test
    void without_a_word_the_control_plane_is_this_machines() {
        ClientSettings settings = ClientSettings.of(DEFAULTS, Map.of());
        assertThat(settings.control()).isEqualTo(URI.create("https://127.0.0.1:8443"));
        assertThat(settings.door()).isEqualTo(settings.control());
        assertThat(settings.tls()).isNull();
        assertThat(settings.policy()).isEqualTo(PathPolicy.AUTO);
        assertThat(settings.hostSilence()).isEqualTo(Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @CsvSource({
        "view, the page is served where the PID io.nvremote.client.page is configured",
        "page.port, write it without \"page.\" under the PID io.nvremote.client.page",
        "page.url.file, write it without \"page.\" under the PID io.nvremote.client.page",
        "headless.user, write it without \"headless.\" under the PID io.nvremote.client.headless",
    })
    void a_key_that_moved_to_a_view_is_refused_and_says_where_it_went(String key, String where) {
        assertThatThrownBy(() -> ClientSettings.of(DEFAULTS, Map.of(key, "page")))
                .hasMessageContaining("io.nvremote.client " + key + ": is no setting any more")
                .hasMessageContaining(where);
    }
}
