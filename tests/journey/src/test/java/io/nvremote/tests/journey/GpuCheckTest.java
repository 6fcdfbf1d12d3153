// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.journey;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nvremote.tests.kit.DemoProcess;
import io.nvremote.tests.kit.Proof;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./nvremote gpu-check} with the bundles of the real runtimes. */
class GpuCheckTest {

    @TempDir
    Path temporary;

    /** Fake driver. */
    @Test
    void what_the_host_agent_carries_is_what_is_checked() throws Exception {
        Proof.needsCommand("cc", "the fake NVIDIA driver", "gcc");
        Proof.needs(
                Files.exists(Path.of("/usr/lib/x86_64-linux-gnu/libx265.so.199")),
                "HEVC of the fake NVIDIA driver",
                "libx265-199");
        Proof.needsCommand("Xvfb", "gpu-check with a screen", "xvfb");
        // Its root window has a pattern.
        Process screen = new ProcessBuilder(
                        "Xvfb",
                        "-displayfd",
                        "1",
                        "-screen",
                        "0",
                        "640x480x24",
                        "-retro",
                        "-nolisten",
                        "tcp",
                        "-noreset")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            check(":" + screen.inputReader().readLine().strip());
        } finally {
            screen.destroyForcibly();
        }
    }

    private void check(String display) throws Exception {
        List<String> command = new ArrayList<>(DemoProcess.cli());
        command.add(1, "-Djava.io.tmpdir=" + temporary);
        command.addAll(List.of("gpu-check", "--fake-gpu", "--json"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("DISPLAY", display);
        Process check = builder.start();
        JsonNode found = new ObjectMapper().readTree(check.getInputStream());
        assertThat(check.waitFor()).as(found.toString()).isEqualTo(3);
        Map<String, String> states = new HashMap<>();
        found.path("checks")
                .forEach(each -> states.put(
                        each.path("check").asText(), each.path("state").asText()));
        assertThat(found.at("/machine/fake").asBoolean()).isTrue();
        assertThat(states)
                .as(found.toPrettyString())
                .containsEntry("h264 pictures", "PASS")
                .containsEntry("hevc pictures", "PASS")
                .containsEntry("hevc rate", "PASS")
                .containsEntry("av1 rate", "PASS")
                .containsEntry("worker restart", "PASS")
                .containsEntry("nvfbc instance", "PASS")
                .containsEntry("nvfbc pixels", "PASS")
                .containsEntry("nvml figures", "PASS")
                .containsEntry("nvdec", "NOT PROVEN")
                .doesNotContainValue("FAIL");
        assertThat(temporary).as("no files are left").isEmptyDirectory();
    }
}
