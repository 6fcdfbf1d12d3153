// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.operators;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.tests.kit.Checkout;
import io.nvremote.tests.kit.Proof;
import io.nvremote.tests.kit.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code java -jar <runtime>.jar} and nothing else. */
class JarAloneTest {

    private static final String UUID = "01920000-0000-7000-8000-000000000001";

    @TempDir
    Path folder;

    private JarProcess start(String runtime, Map<String, String> environment, String... arguments) throws IOException {
        return JarProcess.start(
                JarProcess.java(), JarProcess.runtime(runtime), folder, environment, List.of(arguments));
    }

    static Stream<Path> older() throws IOException {
        Path jdks = Path.of("/usr/lib/jvm");
        try (Stream<Path> all = Files.isDirectory(jdks) ? Files.list(jdks) : Stream.empty()) {
            return all
                    .filter(jdk -> jdk.getFileName().toString().matches(".*-(8|11|17|21)-.*"))
                    .map(jdk -> jdk.resolve("bin/java"))
                    .filter(Files::isExecutable)
                    .toList()
                    .stream();
        }
    }

    @Test
    void an_older_java_is_told_what_is_needed() throws Exception {
        List<Path> javas = older().toList();
        Proof.needs(!javas.isEmpty(), "a runtime's jar under an older Java", "openjdk-17-jdk-headless");
        for (Path java : javas) {
            JarProcess run = JarProcess.start(java, JarProcess.runtime("gateway"), folder, Map.of(), List.of());
            assertThat(run.ended()).isEqualTo(2);
            assertThat(run.log().lines()).singleElement().asString().contains("needs Java 25");
        }
    }

    static List<String> runtimes() throws IOException {
        try (Stream<Path> all = Files.list(Checkout.root().resolve("runtimes"))) {
            return all.map(each -> each.getFileName().toString())
                    .filter(name -> Files.exists(JarProcess.runtime(name)))
                    .sorted()
                    .toList();
        }
    }

    /** What each wants is what it is checked well with, and then it lacks nothing: no setting is asked for that nobody can give. */
    @ParameterizedTest
    @MethodSource("runtimes")
    void without_a_configuration_it_says_what_it_wants_and_with_that_all_is_well(String runtime) throws Exception {
        JarProcess bare = start(runtime, Map.of());
        assertThat(bare.ended()).isEqualTo(2);
        assertThat(bare.log()).contains("--data DIR (or NVREMOTE_DATA) is missing", "--print-config");
        List<String> wanted = bare.log()
                .lines()
                .filter(line -> line.contains(" is missing.") && line.contains("-Dnvremote."))
                .map(line -> line.strip().replaceAll("=.*", "=" + UUID))
                .toList();
        List<String> arguments = new java.util.ArrayList<>(wanted);
        arguments.addAll(List.of("--data", folder.resolve("data").toString(), "--check"));
        JarProcess checked = start(runtime, Map.of(), arguments.toArray(String[]::new));
        assertThat(checked.ended()).as(checked.log()).isZero();
        assertThat(checked.log()).startsWith("ok: ").doesNotContain("warning");
        assertThat(folder.resolve("data")).as("made by a check").doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--chek                             | 2 | What is --chek?",
                "--config gone.json                 | 2 | gone.json: --config names a file or folder that is not there",
                "--config broken.json               | 2 | broken.json, line 1, column 2: a name in quotes is expected",
                "--check -Dio.nvremote.gateway/udp.prot=1 | 1 | has no key \"udp.prot\". Is \"udp.port\" meant?",
                "--check -Dio.nvremote.gatway/udp.port=1  | 1 | Is \"io.nvremote.gateway\" meant?",
                "--check -Dnvremote.gateway.port=many     | 1 | udp.port=many is no Integer",
                "-Dnvremote.gateway.id=x -Dconfigurator.initial=x --check | 2 | use --config instead",
            })
    void what_is_wrong_is_said_and_told_by_the_exit_code(String line, int code, String words) throws Exception {
        Files.writeString(folder.resolve("broken.json"), "{x}");
        JarProcess run = start("gateway", Map.of(), line.split(" +"));
        assertThat(run.ended()).as(run.log()).isEqualTo(code);
        assertThat(run.log()).contains(words);
    }

    /** In this order: the jar's own, folders and files as given, the environment, what is given by {@code -D}. */
    @Test
    void configurations_lie_over_each_other_and_a_gateway_runs_by_them() throws Exception {
        int page = JarProcess.freePort();
        Path first = Files.createDirectory(folder.resolve("first"));
        Files.writeString(
                first.resolve("10.json"),
                "{\"io.nvremote.gateway\": {\"metrics.port\": 1, \"bind.address\": \"$[env:ADDRESS]\"}}");
        Files.writeString(
                folder.resolve("second.json"),
                "{ // the page\n \"io.nvremote.gateway\": {\"metrics.port\": " + page + "}}");
        String[] arguments = {
            "--config",
            first.toString(),
            "--config=second.json",
            "--data",
            "data",
            "-Dnvremote.gateway.id=" + UUID,
            "-Dio.nvremote.gateway/udp.port=0"
        };
        Map<String, String> environment = Map.of(
                "ADDRESS",
                "127.0.0.1",
                "NVREMOTE_GATEWAY_ENDPOINT",
                "127.0.0.1:51820",
                "NVREMOTE_GATEWAY_ID",
                "not this one",
                "NVREMOTE_GATEWAY_CONTROL_PORT",
                "0");
        String[] print =
                Stream.concat(Stream.of(arguments), Stream.of("--print-config")).toArray(String[]::new);
        JarProcess printed = start("gateway", environment, print);
        assertThat(printed.ended()).isZero();
        assertThat(printed.log())
                .contains(
                        "\"metrics.port\": " + page,
                        "\"bind.address\": \"127.0.0.1\"",
                        "\"gateway.id\": \"" + UUID + "\"",
                        "\"endpoint\": \"127.0.0.1:51820\"",
                        folder.toRealPath()
                                .resolve("data/certificates/gateway-" + UUID + ".pem")
                                .toString())
                .doesNotContain("$[");
        try (JarProcess gateway = start("gateway", environment, arguments)) {
            Waiting.until(() -> gateway.serves(page, "/livez"), "the gateway answers at the last layer's port");
            assertThat(folder.resolve("data/cache")).isDirectory();
            assertThat(gateway.log()).contains("the gateway is up").doesNotContain("native access");
        }
    }
}
