// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.runtime.FailedPart;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsPageTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "true  |               | 200 | 200 | ok",
                "true  | a.Part        | 200 | 503 | a.Part could not start",
                "true  | a.Part;b.Part | 200 | 503 | b.Part could not start",
                "false |               | 503 | 503 | the UDP port is not served",
                "false | a.Part        | 503 | 503 | a.Part could not start",
            })
    void ready_is_who_serves_and_lacks_no_part(boolean alive, String failed, int live, int ready, String said)
            throws Exception {
        List<String> parts = failed == null ? List.of() : List.of(failed.split(";"));
        MetricsPage page = new MetricsPage(0, () -> alive);
        page.runtime =
                () -> parts.stream().map(name -> new FailedPart(name, "why")).toList();
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertThat(get(http, page, "/livez").statusCode()).isEqualTo(live);
            HttpResponse<String> answer = get(http, page, "/readyz");
            assertThat(answer.statusCode()).isEqualTo(ready);
            assertThat(answer.body().lines()).contains(said);
        } finally {
            page.close();
        }
    }

    private static HttpResponse<String> get(HttpClient http, MetricsPage page, String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + page.port() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
