// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.nvremote.tests.jars.JarFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The loop with a Maven that is a script, and an agent that takes everything. */
class PluginDevTest {

    /** Counts itself, takes the source's word for what is to happen, and leaves a jar. */
    private static final String MAVEN = """
            #!/bin/sh
            mkdir -p target
            echo "$@" >> target/calls
            if grep -q broken src/A.java; then echo "[ERROR] src/A.java is broken"; exit 1; fi
            if grep -q fetch src/A.java && [ "$1" = -o ]; then echo "Cannot access central in offline mode"; exit 1; fi
            if grep -q slow src/A.java; then
                touch target/building
                while [ ! -e target/go ]; do sleep 0.05; done
            fi
            cp given.jar target/x-1.0.0.jar
            """;

    @TempDir
    Path folder;

    private Path project;
    private Path agent;
    private ServerSocketChannel server;
    private final List<String> installed = new CopyOnWriteArrayList<>();
    private volatile String answer = "{\"ok\":true,\"plugin\":{\"name\":\"com.acme.encoder\",\"version\":\"1.2.3\"}}";
    private final StringWriter said = new StringWriter();
    private Thread dev;

    @BeforeEach
    void project() throws IOException {
        project = Files.createDirectories(folder.resolve("project"));
        Files.createDirectories(project.resolve("src"));
        Files.writeString(project.resolve("pom.xml"), "<project/>");
        Files.move(JarFiles.jar(folder, JarFiles.pluginHeaders()), project.resolve("given.jar"));
        Files.writeString(project.resolve("mvnw"), MAVEN);
        Files.setPosixFilePermissions(project.resolve("mvnw"), PosixFilePermissions.fromString("rwxr-xr-x"));
        agent = Files.createDirectories(folder.resolve("agent"));
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(agent.resolve("updates.sock")));
        Thread.ofVirtual().start(this::serve);
    }

    private void serve() {
        while (server.isOpen()) {
            try (SocketChannel channel = server.accept()) {
                String asked = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
                if (asked.contains("install")) {
                    installed.add(asked);
                }
                channel.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    @AfterEach
    void stop() throws Exception {
        if (dev != null) {
            dev.interrupt();
            dev.join(10_000);
            assertThat(dev.isAlive()).isFalse();
        }
        server.close();
    }

    /** As an editor saves: beside, then in its place. */
    private void save(String source) throws IOException {
        Path fresh = Files.writeString(project.resolve("src/.A.java.swp"), source);
        Files.move(fresh, project.resolve("src/A.java"), StandardCopyOption.ATOMIC_MOVE);
    }

    private void start() throws Exception {
        PrintWriter out = new PrintWriter(said, true);
        PluginDev loop = new PluginDev(
                project,
                new PluginBuild(project, out),
                DevelopmentKey.in(folder.resolve("state/key")),
                new RuntimeSocket("host agent", "--agent", agent.resolve("updates.sock")),
                out);
        dev = Thread.ofVirtual().start(() -> {
            try {
                loop.run();
            } catch (InterruptedException e) {
                return; // as Ctrl-C
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private long builds() throws IOException {
        return Files.readAllLines(project.resolve("target/calls")).size();
    }

    private int waits() {
        return said.toString().split("waiting for the next save", -1).length - 1;
    }

    private void until(BooleanSupplier state) throws InterruptedException {
        for (int i = 0; !state.getAsBoolean(); i++) {
            assertThat(i).as(said.toString()).isLessThan(3_000);
            Thread.sleep(10);
        }
    }

    @Test
    void each_save_is_built_signed_and_installed_and_a_failed_build_is_told_and_waits_for_the_next() throws Exception {
        save("one");
        start();
        until(() -> waits() == 1);
        assertThat(installed).hasSize(1);
        assertThat(installed.getFirst()).contains("\"development\":\"true\"");
        assertThat(said.toString()).contains("built and signed in ", "com.acme.encoder 1.2.3 runs");
        Path jar = Path.of(
                new ObjectMapper().readTree(installed.getFirst()).path("file").asText());
        try (JarFile signed = new JarFile(jar.toFile(), true)) {
            JarEntry entry = signed.getJarEntry("com/acme/Encoder.class");
            signed.getInputStream(entry).readAllBytes();
            assertThat(entry.getCodeSigners()).hasSize(1);
        }
        save("broken");
        until(() -> waits() == 2);
        assertThat(said.toString()).contains("the build failed:", "src/A.java is broken");
        assertThat(installed).hasSize(1);
        save("mended");
        until(() -> waits() == 3);
        assertThat(installed).hasSize(2);
        save("fetch");
        until(() -> waits() == 4);
        assertThat(installed).hasSize(3);
        assertThat(said.toString()).contains("fetching what the build lacks");
        assertThat(Files.readAllLines(project.resolve("target/calls")).getLast())
                .startsWith("-B");
    }

    @Test
    void what_is_saved_while_a_build_runs_gives_one_more_and_what_a_build_makes_gives_none() throws Exception {
        save("slow one");
        start();
        until(() -> Files.exists(project.resolve("target/building")));
        save("slow two!");
        save("slow three!!");
        Files.writeString(project.resolve("publisher.pem"), "a certificate");
        Files.createFile(project.resolve("target/go"));
        until(() -> waits() == 2);
        assertThat(installed).hasSize(2);
        assertThat(builds()).isEqualTo(2);
        save("last one");
        until(() -> waits() == 3);
        assertThat(builds()).isEqualTo(3);
    }

    @Test
    void a_build_that_runs_ends_with_the_loop() throws Exception {
        save("slow");
        PluginBuild build = new PluginBuild(project, new PrintWriter(said, true));
        Thread building =
                Thread.ofVirtual().start(() -> assertThatThrownBy(build::jar).isInstanceOf(Trouble.class));
        until(() -> Files.exists(project.resolve("target/building")));
        build.stop();
        building.join(10_000);
        assertThat(building.isAlive()).isFalse();
        assertThatThrownBy(build::jar).isInstanceOf(Trouble.class);
    }

    @Test
    void a_refusal_an_agent_that_went_and_too_many_jars_are_told_and_the_loop_goes_on() throws Exception {
        save("one");
        answer = "{\"ok\":false,\"code\":\"UNKNOWN_PUBLISHER\",\"message\":\"nobody\",\"advice\":\"Add it.\"}";
        start();
        until(() -> waits() == 1);
        assertThat(said.toString())
                .contains("refused: nobody (UNKNOWN_PUBLISHER). Add it.", "its certificate is " + folder);
        server.close();
        save("second");
        until(() -> waits() == 2);
        assertThat(said.toString()).contains("no host agent answers at");
        Files.copy(project.resolve("given.jar"), project.resolve("target/x-0.9.0.jar"));
        save("number three");
        until(() -> waits() == 3);
        assertThat(said.toString()).contains("one jar in target/", "there are 2");
    }

    @Test
    void what_is_no_project_is_said() {
        CommandRun run = CommandRun.of(new PluginCommand(), "dev", folder.toString(), "--agent", agent.toString());
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("no project of a plugin", "pom.xml", folder.toString());
    }

    @Test
    void the_key_is_made_once_and_is_its_users_alone() throws Exception {
        Path place = folder.resolve("a/b/key");
        byte[] first = Files.readAllBytes(DevelopmentKey.in(place).certificate());
        assertThat(Files.readAllBytes(DevelopmentKey.in(place).certificate())).isEqualTo(first);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place)))
                .isEqualTo("rwx------");
    }
}
