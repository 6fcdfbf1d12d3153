// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.wrap.ffmpeg.Ffmpeg;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** FFmpeg is loaded once in the life of a process: each try in one of its own. */
class InterruptedLoadTest {

    /** A stream's thread that is stopped just then; and the next stream. */
    public static void main(String[] arguments) {
        Thread.currentThread().interrupt();
        try {
            Ffmpeg.load();
        } catch (LinkageError e) {
            System.out.println("not for this one: " + e.getMessage());
        }
        System.out.println("interrupted: " + Thread.interrupted());
        System.out.println("loaded " + Ffmpeg.version());
    }

    @Test
    void who_is_interrupted_while_it_is_loaded_costs_nobody_else(@TempDir Path cache) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dorg.bytedeco.javacpp.cachedir=" + cache, // nothing is unpacked yet
                        "-cp",
                        System.getProperty("java.class.path"),
                        InterruptedLoadTest.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said)
                .contains("not for this one")
                .contains("interrupted: true")
                .contains("loaded ");
    }
}
