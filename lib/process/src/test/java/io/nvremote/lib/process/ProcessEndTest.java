// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessEndTest {

    @TempDir
    private Path folder;

    private String end(String shell) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", shell).start();
        process.waitFor();
        return ProcessEnd.tell(process, folder.resolve("crash.log"));
    }

    @Test
    void a_code_a_signal_and_a_full_heap_are_told_apart() throws Exception {
        assertThat(end("exit 7")).isEqualTo(" with exit code 7");
        assertThat(end("kill -9 $$")).isEqualTo(" by signal 9");
        assertThat(end("exit 3")).isEqualTo(" with exit code 3, which it has when it runs out of heap");
    }

    /** Java ends with 1 after it has written its report. */
    @Test
    void a_report_of_java_names_the_signal_and_the_function() throws Exception {
        Files.writeString(folder.resolve("crash.log"), """
                #
                # A fatal error has been detected by the Java Runtime Environment:
                #
                #  SIGSEGV (0xb) at pc=0x00007f5dd13c6d3e, pid=11, tid=12
                #
                # Problematic frame:
                # C  [libdriver.so.1+0x1d3e]  begin+0x3e
                """);
        assertThat(end("exit 1")).isEqualTo(" by SIGSEGV in C [libdriver.so.1+0x1d3e] begin+0x3e");
        Files.writeString(folder.resolve("crash.log"), "nothing of it");
        assertThat(end("exit 1")).isEqualTo(" with exit code 1");
    }

    @Test
    void a_process_that_goes_on_is_said_to() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        assertThat(ProcessEnd.tell(process, folder.resolve("crash.log"))).isEqualTo(" and does not go");
        process.destroyForcibly().waitFor();
    }
}
