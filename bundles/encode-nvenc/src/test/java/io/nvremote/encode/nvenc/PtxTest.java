// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The PTX in the bundle is what nvcc makes of the source beside it; needs the nvcc that it was made with. */
class PtxTest {

    private static final String RELEASE = "release 13.0";
    private static final Path SOURCE = Path.of("src/main/cuda/nv12.cu");

    @TempDir
    private Path folder;

    @Test
    void the_ptx_in_the_bundle_is_made_of_its_source() throws IOException, InterruptedException {
        String version = output(List.of("nvcc", "--version"));
        if (!version.contains(RELEASE)) {
            Assumptions.abort("NOT PROVEN: that the PTX is made of its source: it takes nvcc, " + RELEASE);
        }
        Path made = folder.resolve("nv12.ptx");
        String said = output(List.of("nvcc", "-ptx", "-arch=compute_75", SOURCE.toString(), "-o", made.toString()));
        assertThat(made).as(said).exists();
        assertThat(instructions(bundled())).isEqualTo(instructions(Files.readString(made)));
    }

    @Test
    void every_driver_from_470_on_takes_it() throws IOException {
        assertThat(bundled()).contains("\n.version 6.3\n", "\n.target sm_50\n");
    }

    private static String bundled() throws IOException {
        try (InputStream in = Objects.requireNonNull(PtxTest.class.getResourceAsStream("nv12.ptx"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Without comments, and without the version and target, which are ours. */
    private static List<String> instructions(String ptx) {
        return ptx.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("//"))
                .filter(line -> !line.startsWith(".version") && !line.startsWith(".target"))
                .toList();
    }

    /** What it printed; empty where there is no such program. */
    private static String output(List<String> command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return text;
        } catch (IOException e) {
            return "";
        }
    }
}
