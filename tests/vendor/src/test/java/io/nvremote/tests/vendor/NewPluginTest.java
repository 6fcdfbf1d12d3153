// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nvremote.tests.kit.DemoProcess;
import io.nvremote.tests.kit.PublishedRepository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@code plugin new} makes is built as a vendor builds it, alone and offline, then signed and verified. Its contract tests, which the
 * example that it is made of passes in its own build, run with {@code -Dnvremote.long=true}; then
 * the encoder also serves a running stream.
 */
class NewPluginTest {

    private static final boolean LONG = Boolean.getBoolean("nvremote.long");

    @TempDir
    static Path work;

    private static Path repository;

    @BeforeAll
    static void publish() throws IOException {
        repository =
                PublishedRepository.make(work.resolve("repository"), Path.of(System.getProperty("vendor.repository")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"encoder", "decoder", "capture", "input"})
    void a_new_project_builds_alone_is_signed_and_verified(String kind) throws Exception {
        Path folder = signed(kind, "org.fast.turbo");
        assertThat(words(folder)).as("names of the example's").doesNotContainIgnoringCase("acme");
        Path jar = folder.resolve("target/org.fast.turbo-1.0.0.jar");
        Path publishers = Files.createDirectories(work.resolve(kind + "-publishers"));
        Files.copy(
                folder.resolve("publisher.pem"), publishers.resolve("turbo.pem"), StandardCopyOption.REPLACE_EXISTING);
        Run verified = nvremote("plugin", "verify", jar.toString(), "--publishers", publishers.toString());
        JsonNode answer = new ObjectMapper().readTree(verified.said());
        assertThat(verified.exit()).as(verified.said()).isZero();
        JsonNode plugin = answer.path("plugin");
        assertThat(plugin.path("name").asText()).isEqualTo("org.fast.turbo");
        assertThat(plugin.path("publisher").asText()).isEqualTo("CN=Turbo");
        if (LONG && kind.equals("encoder")) {
            serves(jar, folder.resolve("publisher.pem"), "org.fast.turbo");
        }
    }

    private static void serves(Path jar, Path certificate, String name) throws Exception {
        Path demoFolder = work.resolve("demo");
        Path publishers = Files.createDirectories(demoFolder.resolve("host-agent/publishers"));
        Files.copy(certificate, publishers.resolve("new.pem"));
        try (DemoProcess demo =
                DemoProcess.start(demoFolder, "--headless", "--seconds", "300", "--capture", "testcard")) {
            demo.awaitStream();
            JsonNode answer = demo.plugin("install", jar.toString());
            assertThat(answer.path("ok").asBoolean()).as(answer.toString()).isTrue();
            demo.awaitSession(
                    "the new encoder encodes",
                    s -> s.at("/tracks/video/encoder").asText().equals(name));
        }
    }

    private static Path signed(String kind, String packageName) throws Exception {
        Path folder = work.resolve(kind);
        Run made = nvremote("plugin", "new", kind, "turbo", "--package", packageName, "--folder", folder.toString());
        assertThat(made.exit()).as(made.said()).isZero();
        List<String> build =
                new ArrayList<>(List.of("mvn", "-o", "-B", "-q", "-Dmaven.repo.local=" + repository, "verify"));
        if (!LONG) {
            build.add("-DskipTests");
        }
        Run built = run(folder, build);
        assertThat(built.exit()).as(built.said()).isZero();
        Run signed = run(folder, List.of("./sign"));
        assertThat(signed.exit()).as(signed.said()).isZero();
        return folder;
    }

    /** Names and content of all that the project has, without what its build made. */
    private static String words(Path folder) throws IOException {
        StringBuilder words = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String path = folder.relativize(file).toString();
                if (!path.startsWith("target") && !path.startsWith("publisher.")) {
                    words.append(path).append('\n').append(Files.readString(file));
                }
            }
        }
        return words.toString();
    }

    private record Run(int exit, String said) {}

    private static Run nvremote(String... words) throws Exception {
        List<String> command = new ArrayList<>(DemoProcess.cli());
        command.addAll(List.of(words));
        return run(work, command);
    }

    /** What it says on standard output; on standard error only what a person reads in the test's own. */
    private static Run run(Path folder, List<String> command) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("PUBLISHER_PASSWORD", "changeit");
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), said);
    }
}
