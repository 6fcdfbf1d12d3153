// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A stop as systemd's {@code KillMode=mixed} does it: SIGTERM to the runtime alone, SIGKILL for whatever is left after it. */
class StopTest {

    /** {@code TimeoutStopSec} of {@code deploy/systemd}: what is still there then is killed. */
    private static final int UNIT_SECONDS = 15;

    @Test
    void a_stopped_control_plane_says_farewell_and_leaves_no_process_and_no_database_to_recover() throws Exception {
        try (RunningControlPlane plane = new RunningControlPlane("ada")) {
            String token = plane.signIn("ada").access();
            Socket client = Socket.open(plane, plane.apiPort, "/ws/client", null);
            client.send("{\"type\":\"auth\",\"token\":\"" + token + "\"}");
            client.await("hosts_complete");
            List<ProcessHandle> children = plane.process().descendants().toList();
            assertThat(children).as("the database's processes").isNotEmpty();
            Path running = plane.folder.resolve("data/postgres/data/postmaster.pid");
            assertThat(Files.exists(running)).isTrue();

            long from = System.nanoTime();
            plane.process().destroy();
            assertThat(plane.process().waitFor(UNIT_SECONDS, TimeUnit.SECONDS))
                    .as("stopped within the unit's time:\n" + plane.log())
                    .isTrue();
            System.out.printf("stopped in %d ms%n", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from));
            assertThat(children.stream().filter(ProcessHandle::isAlive))
                    .as("left for SIGKILL")
                    .isEmpty();
            assertThat(plane.process().exitValue())
                    .as("SuccessExitStatus of the unit")
                    .isEqualTo(143);
            assertThat(Files.exists(running))
                    .as("a database that was not stopped")
                    .isFalse();
            assertThat(client.closed()).as("going away").isEqualTo(1001);
        }
    }
}
