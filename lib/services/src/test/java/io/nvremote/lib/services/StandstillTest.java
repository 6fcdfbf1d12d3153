// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.services;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A process that is stopped and goes on, as a machine does that sleeps. */
class StandstillTest {

    private static final Duration LIMIT = Duration.ofSeconds(1);

    /** Makes a call that returns once there is a byte to read. */
    static final class Caller {
        public static void main(String[] args) {
            System.out.println("ready");
            try {
                System.out.println("read " + new PluginCalls("call", LIMIT).make(System.in::read));
            } catch (PluginFault e) {
                System.out.println("abandoned " + e.getMessage());
            }
        }
    }

    @Test
    void a_call_is_not_given_up_for_the_time_in_which_the_process_stood_still() throws Exception {
        Process caller = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Caller.class.getName()))
                .redirectErrorStream(true)
                .start();
        try (BufferedReader said = caller.inputReader()) {
            assertThat(said.readLine()).isEqualTo("ready");
            signal(caller, "STOP");
            Thread.sleep(LIMIT.multipliedBy(2)); // The fault itself: it has no state to wait for.
            signal(caller, "CONT"); // It could return only now, and is over its limit by the clock.
            caller.getOutputStream().write('x');
            caller.getOutputStream().flush();
            assertThat(said.readLine()).isEqualTo("read " + (int) 'x');
        } finally {
            caller.destroyForcibly();
        }
    }

    private static void signal(Process process, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }
}
