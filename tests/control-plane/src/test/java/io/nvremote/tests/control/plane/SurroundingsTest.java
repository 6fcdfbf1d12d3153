// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvremote.tests.control.plane.RunningControlPlane.Surroundings;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A control plane on machines of another language, time zone and alphabet. */
class SurroundingsTest {

    /**
     * Languages by the properties that Java makes of {@code LC_ALL}, since those of a machine are the ones installed there. The
     * zone by both: PostgreSQL's programs read {@code TZ}.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ar | EG |    | IST             | größe 工作 x", // digits, a zone unknown to PostgreSQL, a path of other
                // letters
                "th | TH | TH | Asia/Kolkata    | a%20b#c", // digits and a calendar, a path that is no address
                "tr | TR |    | Pacific/Kiritimati | data", // the small letter of I
            })
    void a_machine_s_language_zone_and_folder_change_nothing(
            String language, String country, String variant, String zone, String folder) throws Exception {
        Surroundings around = new Surroundings(
                folder,
                Map.of("TZ", zone, "LC_ALL", "C.UTF-8"),
                List.of(
                        "-Duser.language=" + language,
                        "-Duser.country=" + country,
                        "-Duser.variant=" + (variant == null ? "" : variant),
                        "-Duser.timezone=" + zone),
                data -> {});
        try (RunningControlPlane plane = new RunningControlPlane(config -> {}, around, "ada")) {
            plane.awaitReady();
            String bearer = "Bearer " + plane.signIn("ada").access();
            JsonNode org = plane.call("POST", "/orgs", bearer, "{\"name\":\"İstanbul I\",\"slug\":\"istanbul-1\"}")
                    .body();
            EnrolledHost host = EnrolledHost.in(plane, org.get("id").asText(), bearer);
            Socket line = host.online();
            host.await("ONLINE");
            line.abort();
            assertThat(org.get("created_at").asText()).matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z");
            assertThat(plane.number("SELECT abs(extract(epoch FROM now() - created_at))::bigint FROM nvremote.orgs"))
                    .as("seconds since it was made")
                    .isLessThan(600);
        }
    }

    @Test
    void a_path_that_the_machine_s_alphabet_has_not_is_said_and_what_to_do() throws Exception {
        Surroundings around = new Surroundings("größe", Map.of("LC_ALL", "C", "LANG", "C"), List.of(), data -> {});
        try (RunningControlPlane plane = new RunningControlPlane(config -> {}, around, "ada")) {
            assertThat(plane.process().waitFor(60, TimeUnit.SECONDS))
                    .as("ended")
                    .isTrue();
            assertThat(plane.process().exitValue()).isNotZero();
            assertThat(Files.readAllLines(plane.folder.resolve("log")))
                    .singleElement()
                    .asString()
                    .contains("nvremote.data", "Start it with LC_ALL=C.UTF-8");
        }
    }
}
