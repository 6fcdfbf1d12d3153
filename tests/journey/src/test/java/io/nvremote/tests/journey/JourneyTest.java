// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.journey;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvremote.tests.kit.DemoProcess;
import io.nvremote.tests.kit.Proof;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole demos: five processes of the real runtimes, watched by the headless client. */
class JourneyTest {

    @TempDir
    Path work;

    /** Fake driver: the host's own choice, in a worker of its own, by the rules that the driver keeps. */
    @Test
    void an_nvidia_driver_is_preferred_and_its_pictures_are_seen_on_the_fake_one() throws Exception {
        Proof.needsCommand("cc", "the fake NVIDIA driver", "gcc");
        Path folder = work.resolve("gpu");
        try (DemoProcess demo = DemoProcess.start(
                folder,
                "--headless",
                "--seconds",
                "8",
                "--capture",
                "testcard",
                "--fake-gpu",
                "--debug",
                "host-agent")) {
            demo.awaitSession("the tunnel is up", s -> s.path("up").asBoolean());
            assertThat(debuggerAnswers(Files.readString(folder.resolve("steps.txt"))))
                    .isEqualTo("JDWP-Handshake");
            DemoProcess.Result result = demo.result();
            JsonNode seen = result.figures();
            assertThat(result.exit()).as(seen + "\n" + result.steps()).isZero();
            assertThat(seen.path("encoder").asText()).startsWith("io.nvremote.encode.nvenc ");
            assertThat(seen.path("frames").path("keys_seen").asInt())
                    .as(seen.toString())
                    .isPositive();
            assertThat(result.steps()).contains("NO GPU");
        }
        assertThat(wrongs(folder)).as("what the fake driver says").isEmpty();
    }

    /** Fake driver. HEVC has no other encoder here. */
    @ParameterizedTest
    @CsvSource({"--fake-gpu, hevc, io.nvremote.encode.nvenc"})
    void hevc_of_an_nvidia_driver_is_seen(String option, String codec, String encoder) throws Exception {
        Proof.needsCommand("cc", "the fake NVIDIA driver", "gcc");
        Proof.needs(
                Files.exists(Path.of("/usr/lib/x86_64-linux-gnu/libx265.so.199")),
                "HEVC of the fake NVIDIA driver",
                "libx265-199");
        Path folder = work.resolve("hevc");
        String[] options = {"--headless", "--seconds", "6", "--capture", "testcard", "--codec", "hevc", option};
        try (DemoProcess demo = DemoProcess.start(folder, options)) {
            DemoProcess.Result result = demo.result();
            JsonNode seen = result.figures();
            assertThat(result.exit()).as(seen + "\n" + result.steps()).isZero();
            assertThat(seen.path("codec").asText()).isEqualTo(codec);
            assertThat(seen.path("encoder").asText()).startsWith(encoder);
            assertThat(seen.path("frames").path("undecodable").asLong())
                    .as(seen.toString())
                    .isZero();
        }
        assertThat(wrongs(folder)).as("what the fake driver says").isEmpty();
    }

    /** Fake driver: captured and encoded by the host's own choice, each in a worker of its own. */
    @Test
    void a_screen_is_captured_by_an_nvidia_driver_and_typed_into_on_the_fake_one() throws Exception {
        Proof.needsCommand("cc", "the fake NVIDIA driver", "gcc");
        Proof.needsCommand("Xvfb", "the demo on a real X11 screen", "xvfb");
        Proof.needsCommand("xterm", "typing into the demo's screen", "xterm");
        Path folder = work.resolve("gpu");
        try (DemoProcess demo =
                DemoProcess.start(folder, "--headless", "--seconds", "8", "--capture", "x11", "--fake-gpu")) {
            DemoProcess.Result result = demo.result();
            JsonNode seen = result.figures();
            assertThat(result.exit()).as(seen + "\n" + result.steps()).isZero();
            assertThat(seen.path("capture").asText()).isEqualTo("nvfbc");
            assertThat(seen.path("encoder").asText()).startsWith("io.nvremote.encode.nvenc ");
            assertThat(seen.path("frames").path("keys_seen").asInt())
                    .as(seen.toString())
                    .isPositive();
        }
        assertThat(wrongs(folder)).as("what the fake driver says").isEmpty();
    }

    /** Fake driver: one that has no session left, and one that wants a new session with each picture. */
    @ParameterizedTest
    @ValueSource(strings = {"captures=0", "recreate=1"})
    void where_an_nvidia_driver_does_not_capture_x11_takes_over(String behaviour) throws Exception {
        Proof.needsCommand("cc", "the fake NVIDIA driver", "gcc");
        Proof.needsCommand("Xvfb", "the demo on a real X11 screen", "xvfb");
        Proof.needsCommand("xterm", "typing into the demo's screen", "xterm");
        Path folder = work.resolve("gpu");
        Files.createDirectories(folder.resolve("fake-gpu"));
        Files.writeString(folder.resolve("fake-gpu/behaviour"), behaviour + "\n");
        try (DemoProcess demo =
                DemoProcess.start(folder, "--headless", "--seconds", "8", "--capture", "x11", "--fake-gpu")) {
            DemoProcess.Result result = demo.result();
            JsonNode seen = result.figures();
            assertThat(result.exit()).as(seen + "\n" + result.steps()).isZero();
            assertThat(seen.path("capture").asText()).isEqualTo("x11");
            assertThat(seen.path("encoder").asText()).startsWith("io.nvremote.encode.nvenc ");
        }
        assertThat(wrongs(folder)).as("what the fake driver says").isEmpty();
    }

    /** What is behind the address that a demo with {@code --debug} prints: JDWP begins with an exchange of one word. */
    private static String debuggerAnswers(String steps) throws IOException {
        Matcher address = Pattern.compile("host-agent +attach a debugger to 127\\.0\\.0\\.1:([0-9]+)")
                .matcher(steps);
        assertThat(address.find()).as(steps).isTrue();
        byte[] word = "JDWP-Handshake".getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(address.group(1)))) {
            socket.getOutputStream().write(word);
            return new String(socket.getInputStream().readNBytes(word.length), StandardCharsets.US_ASCII);
        }
    }

    private static String wrongs(Path folder) throws IOException {
        Path report = folder.resolve("fake-gpu/report");
        return Files.exists(report) ? Files.readString(report) : "";
    }

    @Test
    void a_real_x11_screen_is_seen_and_typed_into_and_no_process_is_left() throws Exception {
        Proof.needsCommand("Xvfb", "the demo on a real X11 screen", "xvfb");
        Proof.needsCommand("xterm", "typing into the demo's screen", "xterm");
        List<ProcessHandle> runtimes;
        JsonNode seen;
        try (DemoProcess demo =
                DemoProcess.start(work.resolve("x11"), "--headless", "--seconds", "8", "--capture", "x11")) {
            demo.awaitSession("the tunnel is up", s -> s.path("up").asBoolean());
            runtimes = List.of(
                    demo.runtime("control-plane"),
                    demo.runtime("gateway"),
                    demo.runtime("host-agent"),
                    demo.runtime("client"));
            DemoProcess.Result result = demo.result();
            assertThat(result.exit())
                    .as(result.figures() + "\n" + result.steps())
                    .isZero();
            seen = result.figures();
        }
        assertThat(seen.path("capture").asText()).isEqualTo("x11");
        assertThat(seen.path("frames").path("keys_seen").asInt())
                .as(seen.toString())
                .isPositive();
        assertThat(seen.path("latency_ms").path("total").path("p50").asDouble()).isPositive();
        assertThat(runtimes).allMatch(process -> !process.isAlive());
        List<String> ends = Files.readAllLines(work.resolve("x11/control-plane/log.txt")).stream()
                .filter(line -> line.contains(" session ended "))
                .map(line -> line.replaceAll(".*session_id=\"([^\"]*)\".*", "$1"))
                .toList();
        assertThat(ends).as("each of the two sessions ends once").hasSize(2).doesNotHaveDuplicates();
        for (String runtime : List.of("control-plane", "gateway", "host-agent", "client")) {
            assertThat(Files.readAllLines(work.resolve("x11/" + runtime + "/log.txt")))
                    .as("one log, in one form: " + runtime)
                    .isNotEmpty()
                    .allMatch(line -> line.matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} (INFO|WARN|ERROR|WARNING) .*"));
        }
    }
}
