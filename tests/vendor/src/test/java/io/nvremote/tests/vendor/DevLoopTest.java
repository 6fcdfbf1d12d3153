// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.tests.kit.DemoProcess;
import io.nvremote.tests.kit.PublishedRepository;
import io.nvremote.tests.kit.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A vendor saves a source while the demo streams: the new code encodes, and what it logs is shown by name. */
class DevLoopTest {

    private static final String NAME = "org.fast.turbo";

    @TempDir
    Path work;

    private String said(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ProcessBuilder nvremote(String... words) {
        List<String> command = new ArrayList<>(DemoProcess.cli());
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("XDG_STATE_HOME", work.resolve("demo/state").toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }

    private String asked(String... words) {
        try {
            Process process = nvremote(words).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void what_is_saved_encodes_the_running_stream_and_what_does_not_compile_is_told() throws Exception {
        Path repository =
                PublishedRepository.make(work.resolve("repository"), Path.of(System.getProperty("vendor.repository")));
        Path project = work.resolve("turbo");
        assertThat(asked("plugin", "new", "encoder", "turbo", "--package", NAME, "--folder", project.toString()))
                .contains("made ");
        Path source = project.resolve("src/main/java/org/fast/turbo/TurboEncoder.java");
        String first = Files.readString(source);
        try (DemoProcess demo =
                DemoProcess.start(work.resolve("demo"), "--headless", "--seconds", "900", "--capture", "testcard")) {
            demo.awaitStream();
            Path steps = work.resolve("dev.txt");
            ProcessBuilder builder =
                    nvremote("plugin", "dev", project.toString()).redirectOutput(steps.toFile());
            // A shell gives its background jobs an ignored Ctrl-C, a test run in one hands it on, and a JVM respects
            // that.
            builder.command().addAll(0, List.of("env", "--default-signal=INT"));
            builder.environment().put("MAVEN_OPTS", "-Dmaven.repo.local=" + repository);
            Process dev = builder.start();
            try {
                demo.awaitSession(
                        "the first build encodes",
                        session -> session.at("/tracks/video/encoder").asText().equals(NAME));
                Files.writeString(source, first.replace("return session;", "return sessions;"));
                Waiting.until(() -> said(steps).contains("cannot find symbol"), "the compiler's words are told");
                Files.writeString(source, first.replace("\"encoding\"", "\"encoding anew\""));
                Waiting.until(() -> asked("plugin", "log", NAME).contains("encoding anew"), "the new code logs");
                assertThat(asked("plugin", "list")).contains(NAME, "IN_DEVELOPMENT");
                assertThat(asked("plugin", "show", NAME)).contains("\"calls\"", "\"stalls\"");
            } finally {
                new ProcessBuilder("kill", "-INT", Long.toString(dev.pid()))
                        .start()
                        .waitFor();
            }
            assertThat(dev.waitFor(60, TimeUnit.SECONDS)).as(said(steps)).isTrue();
            assertThat(said(steps)).contains("what was installed stays");
        }
    }
}
