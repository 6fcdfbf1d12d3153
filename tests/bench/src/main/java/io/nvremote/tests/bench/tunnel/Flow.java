// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.tunnel;

import io.nvremote.core.Clock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * One end of a stream of datagrams, as a process that is told what to do line by line: {@code send NAME MBITS MILLIS}
 * sends at that pace and answers {@code NAME bytes}; {@code count NAME} answers with the bytes received so far. Ends when
 * its input does.
 */
final class Flow {

    static final int PORT = 5004;
    /** What a video packet is at the tunnel's MTU of 1280, less a margin. */
    static final int PAYLOAD_BYTES = 1200;

    private static final long STEP_NANOS = 1_000_000;

    private final AtomicLong received = new AtomicLong();

    /** A datagram of that many bytes arrived. */
    void received(int bytes) {
        received.addAndGet(bytes);
    }

    @SuppressWarnings("SystemOut") // the parent reads it
    void obey(Consumer<ByteBuffer> sender) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        System.out.println("READY");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            long answer = words[0].equals("send")
                    ? send(sender, Long.parseLong(words[2]), Long.parseLong(words[3]))
                    : received.get();
            System.out.println(words[1] + " " + answer);
        }
    }

    private static long send(Consumer<ByteBuffer> sender, long megabits, long millis) {
        ByteBuffer datagram = ByteBuffer.allocateDirect(PAYLOAD_BYTES);
        Clock clock = Clock.system();
        long begun = clock.nanos();
        long sent = 0;
        for (long passed = 0; passed < millis * 1_000_000; passed = clock.nanos() - begun) {
            long due = (long) (passed / 1e9 * megabits * 1e6 / 8);
            while (sent < due) {
                sender.accept(datagram.clear());
                sent += PAYLOAD_BYTES;
            }
            clock.sleep(Duration.ofNanos(STEP_NANOS));
        }
        return sent;
    }
}
