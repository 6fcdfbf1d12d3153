// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.tests.control.plane.RunningControlPlane.Answer;
import io.nvremote.tests.control.plane.RunningControlPlane.Surroundings;
import io.nvremote.tests.kit.Proof;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A control plane whose data folder is a disk of its own that is full: at the start, and later under its database. */
class FullDiskTest {

    private static final String DISK_BYTES = "400m";

    @BeforeAll
    static void asks() {
        Proof.needs("root".equals(System.getProperty("user.name")), "a full disk", "root, to mount one of its own");
    }

    @Test
    void it_says_why_once_and_serves_when_there_is_room_and_nothing_is_lost() throws Exception {
        AtomicReference<Path> disk = new AtomicReference<>();
        Surroundings around = new Surroundings("data", Map.of(), List.of(), data -> {
            run("mount", "-t", "tmpfs", "-o", "size=" + DISK_BYTES + ",mode=755", "tmpfs", data.toString());
            disk.set(data);
            fill(data);
        });
        try (RunningControlPlane plane = new RunningControlPlane(config -> {}, around, "ada")) {
            plane.awaitHealth("/readyz", 503);
            assertThat(lines(plane, "embedded database can't be started"))
                    .singleElement()
                    .asString()
                    .contains("code=\"FULL\"", disk.get().resolve("postgres").toString(), "Free space on it");
            assertThat(plane.log())
                    .as("causes alone, with the file's name and without where in the code")
                    .doesNotContain("\tat ")
                    .doesNotContain("Unable to get service")
                    .doesNotContain("Could not get service");
            assertThat(plane.probe("/livez").status()).isEqualTo(200);
            free(disk.get());
            plane.awaitReady();
            String bearer = "Bearer " + plane.signIn("ada").access();
            Answer first = made(plane, bearer, "first");
            assertThat(first.status()).isEqualTo(201);
            whatKeepsKeysOfItsOwnServes(plane, bearer, first.body().get("id").asText());

            fill(disk.get());
            ProcessHandle server = Signals.postmaster(disk.get().resolve("postgres/data"));
            server.destroyForcibly();
            server.onExit().get(30, TimeUnit.SECONDS);
            Answer full = made(plane, bearer, "second");
            for (int i = 0; full.status() != 503 && i < 200 && full.status() != 201; i++) {
                TimeUnit.MILLISECONDS.sleep(100);
                full = made(plane, bearer, "second");
            }
            free(disk.get());
            // Ready says what was true a moment ago: who is told to try again does.
            Answer third = made(plane, bearer, "third");
            for (int i = 0; third.status() == 503 && i < 600; i++) {
                TimeUnit.MILLISECONDS.sleep(100);
                third = made(plane, bearer, "third");
            }
            assertThat(third.status()).as(third.body().toString()).isEqualTo(201);
            plane.awaitReady();
            String slugs = plane.text("SELECT string_agg(slug, ' ' ORDER BY slug) FROM nvremote.orgs");
            assertThat(slugs.split(" ")).as("what was promised").contains("first", "third");
            assertThat(slugs.contains("second")).as("said " + full.status()).isEqualTo(full.status() == 201);
            assertThat(plane.process().isAlive()).isTrue();
        } finally {
            if (disk.get() != null) { // else it could not be mounted, which is what is told
                run("umount", "-l", disk.get().toString());
                Files.deleteIfExists(disk.get());
                Files.deleteIfExists(disk.get().getParent());
            }
        }
    }

    /** What could keep no key at the start, when the disk was full. */
    private static void whatKeepsKeysOfItsOwnServes(RunningControlPlane plane, String bearer, String org)
            throws Exception {
        String days = "?from=" + Instant.now().minusSeconds(3600) + "&to="
                + Instant.now().plusSeconds(60);
        Answer page = plane.call("GET", "/orgs/" + org + "/audit-logs" + days + "&limit=1", bearer, null);
        assertThat(page.status()).as(page.body().toString()).isEqualTo(200);
        for (boolean again : List.of(false, true)) {
            Answer keyed = plane.call(
                    "POST", "/orgs/" + org + "/hosts/bootstrap-token", bearer, "{}", "Idempotency-Key", "first");
            assertThat(keyed.status()).as(keyed.body().toString()).isEqualTo(201);
            assertThat(keyed.raw().headers().firstValue("Idempotency-Replayed").isPresent())
                    .isEqualTo(again);
        }
    }

    private static Answer made(RunningControlPlane plane, String bearer, String name) throws Exception {
        return plane.call("POST", "/orgs", bearer, "{\"name\":\"" + name + "\",\"slug\":\"" + name + "\"}");
    }

    /** The lines of the log with that in them, once there are some. */
    private static List<String> lines(RunningControlPlane plane, String content) throws Exception {
        for (int i = 0; i < 240; i++) {
            List<String> found =
                    plane.log().lines().filter(line -> line.contains(content)).toList();
            if (!found.isEmpty()) {
                return found;
            }
            TimeUnit.MILLISECONDS.sleep(250);
        }
        throw new AssertionError("nothing about " + content + ":\n" + plane.log());
    }

    /** To the last byte. */
    private static void fill(Path disk) throws IOException {
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(disk.resolve("filler"))) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    private static void free(Path disk) throws IOException {
        Files.delete(disk.resolve("filler"));
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + ": " + output)
                .isZero();
    }
}
