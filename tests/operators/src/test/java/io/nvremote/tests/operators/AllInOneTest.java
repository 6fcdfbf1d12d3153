// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.operators;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.tests.kit.Waiting;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Control plane and gateway in one process. */
class AllInOneTest {

    @TempDir
    Path folder;

    @Test
    void one_process_serves_both_and_they_find_each_other() throws Exception {
        Files.setPosixFilePermissions(
                folder, PosixFilePermissions.fromString("rwxr-xr-x")); // the database's user passes
        int local = JarProcess.freePort();
        int page = JarProcess.freePort();
        int udp = JarProcess.freePort();
        List<String> arguments = List.of(
                "--data",
                "data",
                "-Dnvremote.gateway.address=127.0.0.1",
                "-Dnvremote.gateway.endpoint=127.0.0.1:" + udp,
                "-Dnvremote.gateway.port=" + udp,
                "-Dnvremote.gateway.control.port=" + JarProcess.freePort(),
                "-Dnvremote.gateway.metrics.port=" + page,
                "-Dnvremote.api.port=" + JarProcess.freePort(),
                "-Dnvremote.host.port=" + JarProcess.freePort(),
                "-Dnvremote.local.port=" + local);
        try (JarProcess both =
                JarProcess.start(JarProcess.java(), JarProcess.runtime("all-in-one"), folder, Map.of(), arguments)) {
            Waiting.until(() -> both.serves(local, "/readyz"), "the control plane is ready");
            Waiting.until(() -> both.serves(local, "/api/v1/readyz"), "its API answers");
            Waiting.until(() -> both.serves(page, "/readyz"), "the gateway is ready");
            Waiting.until(() -> both.log().contains("the gateway is reachable"), "the two are linked");
            assertThat(stunAnswer(udp))
                    .as("type of the answer to a binding request")
                    .isEqualTo((short) 0x0101);
        }
    }

    /** RFC 8489, sections 5 and 14.14: a binding request that is longer than its answer, or it gets none. */
    private static short stunAnswer(int port) throws IOException {
        byte[] request = ByteBuffer.allocate(88)
                .putShort((short) 1)
                .putShort((short) 68)
                .putInt(0x2112A442)
                .put("transaction1".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 0x8022)
                .putShort((short) 64)
                .put("s".repeat(64).getBytes(StandardCharsets.US_ASCII))
                .array();
        byte[] answer = new byte[200];
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            socket.setSoTimeout(2_000);
            for (int attempt = 0; attempt < 10; attempt++) {
                socket.send(new DatagramPacket(request, request.length, InetAddress.getLoopbackAddress(), port));
                try {
                    socket.receive(new DatagramPacket(answer, answer.length));
                    return ByteBuffer.wrap(answer).getShort();
                } catch (SocketTimeoutException e) {
                    // lost, or the machine is busy: asked again
                }
            }
        }
        return 0;
    }
}
