// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nvremote.tests.kit.DemoProcess;
import io.nvremote.tests.kit.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees, and what is left behind, when a part of a running demo dies. */
class FaultsTest {

    @TempDir
    Path work;

    @Test
    void without_its_relay_a_session_ends_with_a_clear_reason_and_nothing_stays_allocated() throws Exception {
        Path folder = work.resolve("relay");
        DemoDatabase database = new DemoDatabase(folder);
        try (DemoProcess demo = DemoProcess.start(
                folder, "--headless", "--seconds", "900", "--capture", "testcard", "--path", "relay")) {
            demo.awaitStream();
            assertThat(database.value(DemoDatabase.RUNNING)).isEqualTo("1");
            demo.runtime("gateway").destroyForcibly();
            await("the session ends", demo, () -> database.value(DemoDatabase.RUNNING)
                    .equals("0"));
            assertThat(database.value(DemoDatabase.HELD)).isEqualTo("0");
            await("the host lets go", demo, () -> demo.session() == null);
            DemoProcess.Result result = demo.result();
            assertThat(result.exit()).as(result.steps()).isNotZero();
            // What the person reads: which part fell silent, and why the next connect does not even begin.
            assertThat(result.figures().path("problems").toString())
                    .as(result.steps())
                    .contains(
                            "the stream ended early: demo-host was silent for 20 s",
                            "NO_GATEWAY: no gateway is connected");
        } finally {
            database.stop();
        }
    }

    @Test
    void a_screen_that_dies_is_taken_up_again_however_often_and_the_session_stays() throws Exception {
        Proof.needsCommand("Xvfb", "an X server that dies", "xvfb");
        Proof.needsCommand("xclock", "something that moves on an X server", "x11-apps");
        Path folder = work.resolve("x11");
        DemoDatabase database = new DemoDatabase(folder);
        try (DemoProcess demo = DemoProcess.start(folder, "--headless", "--seconds", "900", "--capture", "x11")) {
            demo.awaitSession("pictures flow", s -> s.at("/tracks/video/sent").asLong() > 5);
            ProcessHandle agent = demo.runtime("host-agent");
            String display = new ObjectMapper()
                    .readTree(folder.resolve("host-agent/config.json").toFile())
                    .at("/io.nvremote.host/capture.display")
                    .asText();
            kill(demo, "Xvfb");
            try (Screen again = Screen.start(folder, display)) {
                goesOn(demo, 3);
                assertThat(again.alive()).isTrue();
                isTypedInto(demo, "the screen that came back");
                assertThat(database.value("SELECT string_agg(status, ' ') FROM nvremote.sessions"))
                        .isEqualTo("ACTIVE");
                again.killForGood();
                try (Screen third = Screen.start(folder, display)) {
                    goesOn(demo, 3);
                    assertThat(third.alive()).isTrue();
                    isTypedInto(demo, "the third screen");
                }
                assertThat(agent.isAlive()).as(demo.steps()).isTrue();
                assertThat(database.value("SELECT string_agg(status, ' ') FROM nvremote.sessions"))
                        .as("one session through all of it")
                        .isEqualTo("ACTIVE");
                List<String> log = Files.readAllLines(folder.resolve("host-agent/log.txt"));
                assertThat(log)
                        .as("what a screen that dies puts into the log")
                        .noneMatch(line -> line.startsWith("\tat "));
            }
        } finally {
            database.stop();
        }
    }

    private static void kill(DemoProcess demo, String program) throws Exception {
        ProcessHandle found = demo.family().stream()
                .filter(p -> p.info().command().orElse("").endsWith("/" + program))
                .findFirst()
                .orElseThrow();
        found.destroyForcibly();
        found.onExit().get(30, TimeUnit.SECONDS);
    }

    @Test
    void a_stream_on_the_direct_path_outlives_gateway_and_control_plane_and_all_agrees_when_they_are_back()
            throws Exception {
        Path folder = work.resolve("direct");
        DemoDatabase database = new DemoDatabase(folder);
        try (DemoProcess demo = DemoProcess.start(folder, "--headless", "--seconds", "900", "--capture", "testcard")) {
            demo.awaitStream();
            demo.awaitSession("the path is direct", s -> s.path("path").asText().startsWith("DIRECT"));
            try (KilledRuntime gateway = new KilledRuntime(demo.runtime("gateway"), folder.resolve("gateway"));
                    KilledRuntime plane =
                            new KilledRuntime(demo.runtime("control-plane"), folder.resolve("control-plane"))) {
                gateway.kill();
                goesOn(demo, 60);
                gateway.startAgain();

                long server = database.server().orElseThrow().pid();
                long hostLinks = links(folder, "host-agent");
                long clientLinks = links(folder, "client");
                plane.kill();
                goesOn(demo, 60);
                plane.startAgain();
                await("the orphan is taken over", demo, () -> Files.readString(folder.resolve("control-plane/log.txt"))
                        .contains("stopping a database that a killed runtime left behind"));
                await("another server has its place", demo, () -> database.server()
                        .filter(now -> now.pid() != server)
                        .isPresent());
                await(
                        "host and client are back",
                        demo,
                        () -> links(folder, "host-agent") > hostLinks
                                && links(folder, "client") > clientLinks
                                && online(database));
                goesOn(demo, 60);
                assertThat(database.value("SELECT string_agg(status, ' ') FROM nvremote.sessions"))
                        .isEqualTo("ACTIVE");
                assertThat(database.value(DemoDatabase.HELD)).isEqualTo("1");

                DemoProcess.Result result = demo.finish();
                assertThat(result.exit())
                        .as(result.figures() + "\n" + result.steps())
                        .isZero();
                assertThat(result.figures()
                                .path("frames")
                                .path("dropped_by_receiver")
                                .asLong(-1))
                        .as(result.figures().toString())
                        .isZero();
                await("the session is over in the database too", null, () -> database.value(DemoDatabase.RUNNING)
                        .equals("0"));
                assertThat(database.value(DemoDatabase.HELD)).isEqualTo("0");
            }
        } finally {
            database.stop();
        }
    }

    @Test
    void a_gateway_that_comes_back_carries_on_its_session_and_an_end_the_control_plane_missed_is_made_up_for()
            throws Exception {
        Path folder = work.resolve("gateway");
        DemoDatabase database = new DemoDatabase(folder);
        try (DemoProcess demo = DemoProcess.start(
                // However long a gateway takes to start on a busy machine, the session waits for it.
                folder,
                "--headless",
                "--seconds",
                "900",
                "--silence",
                "300",
                "--capture",
                "testcard",
                "--path",
                "relay")) {
            demo.awaitStream();
            try (KilledRuntime gateway = new KilledRuntime(demo.runtime("gateway"), folder.resolve("gateway"));
                    KilledRuntime plane =
                            new KilledRuntime(demo.runtime("control-plane"), folder.resolve("control-plane"))) {
                gateway.kill();
                gateway.startAgain();
                isTypedInto(demo, "through the gateway that came back");
                assertThat(database.value("SELECT string_agg(status, ' ') FROM nvremote.sessions"))
                        .isEqualTo("ACTIVE");

                plane.kill();
                isTypedInto(demo, "without a control plane");
                assertThat(demo.session().path("path").asText()).isEqualTo("RELAY");
                DemoProcess.Result result = demo.finish();
                // The stream went on to its end; only what needs a control plane failed, and says so.
                assertThat(result.figures().path("problems"))
                        .as(result.steps())
                        .singleElement()
                        .asString()
                        .contains("CONTROL_PLANE_UNREACHABLE");
                assertThat(database.value(DemoDatabase.RUNNING)).isEqualTo("1");
                // Host and client are gone, and nobody could say that the session is over.
                plane.startAgain("io.nvremote.broker", "host.lost", "PT30S");
                await("the session is over", null, () -> is(database, DemoDatabase.RUNNING, "0"));
                assertThat(database.value("SELECT end_reason FROM nvremote.sessions"))
                        .isEqualTo("host_lost");
                assertThat(database.value(DemoDatabase.HELD)).isEqualTo("0");
            }
        } finally {
            database.stop();
        }
    }

    /** How often a runtime has reached the control plane: what the database says of it may be older than that. */
    private static long links(Path folder, String runtime) throws IOException {
        try (Stream<String> lines = Files.lines(folder.resolve(runtime).resolve("log.txt"))) {
            return lines.filter(line -> line.contains("WebSocketLink link up")).count();
        }
    }

    private static boolean online(DemoDatabase database) {
        return is(database, "SELECT string_agg(status, ' ') FROM nvremote.hosts", "ONLINE");
    }

    /** False while the database is not there. */
    private static boolean is(DemoDatabase database, String query, String expected) {
        try {
            return database.value(query).equals(expected);
        } catch (Exception e) {
            return false; // stopping or starting
        }
    }

    /** Waits until the host has injected some further keys of the client. */
    private static void isTypedInto(DemoProcess demo, String what) throws InterruptedException {
        long typed = demo.session().at("/tracks/input/inputs").asLong();
        demo.awaitSession(
                "typed into: " + what, s -> s.at("/tracks/input/inputs").asLong() > typed + 6);
    }

    /** Waits until so many further frames were sent. */
    private static void goesOn(DemoProcess demo, long frames) throws InterruptedException {
        JsonNode now = demo.session();
        assertThat(now).as(demo.steps()).isNotNull();
        long before = now.at("/tracks/video/sent").asLong();
        demo.awaitSession(
                "the stream goes on",
                s -> s.at("/tracks/video/sent").asLong() > before + frames
                        && s.path("up").asBoolean());
    }

    private static void await(String what, DemoProcess demo, Callable<Boolean> done) throws Exception {
        for (int i = 0; !done.call(); i++) {
            assertThat(i)
                    .as("not in two minutes: " + what + (demo == null ? "" : "\n" + demo.steps()))
                    .isLessThan(1200);
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }
}
