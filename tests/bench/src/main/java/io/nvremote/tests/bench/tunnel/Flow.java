// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.tunnel;

import io.nvremote.core.Clock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * One end of a stream of datagrams, as a process that is told what to do line by line: {@code send NAME MBITS MILLIS}
 * sends at that pace, what one step of a millisecond owes in one call, and answers {@code NAME bytes}; {@code count NAME}
 * answers with the bytes received so far. Ends when its input does.
 */
final class Flow {

    static final int PORT = 5004;
    /** What a video packet is at the tunnel's MTU of 1280, less a margin. */
    static final int PAYLOAD_BYTES = 1200;

    private static final long STEP_NANOS = 1_000_000;
    /** A step that comes late owes more than usual. */
    private static final int MOST_AT_ONCE = 64;

    private final AtomicLong received = new AtomicLong();

    /** A datagram of that many bytes arrived. */
    void received(int bytes) {
        received.addAndGet(bytes);
    }

    @SuppressWarnings("SystemOut") // the parent reads it
    void obey(Consumer<List<ByteBuffer>> sender) throws IOException {
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

    private static long send(Consumer<List<ByteBuffer>> sender, long megabits, long millis) {
        ByteBuffer[] datagrams = new ByteBuffer[MOST_AT_ONCE];
        Arrays.setAll(datagrams, i -> ByteBuffer.allocateDirect(PAYLOAD_BYTES));
        List<ByteBuffer> step = new ArrayList<>(MOST_AT_ONCE);
        Clock clock = Clock.system();
        long begun = clock.nanos();
        long sent = 0;
        for (long passed = 0; passed < millis * 1_000_000; passed = clock.nanos() - begun) {
            long due = (long) (passed / 1e9 * megabits * 1e6 / 8);
            while (sent < due) {
                step.clear();
                while (sent < due && step.size() < MOST_AT_ONCE) {
                    step.add(datagrams[step.size()].clear());
                    sent += PAYLOAD_BYTES;
                }
                sender.accept(step);
            }
            clock.sleep(Duration.ofNanos(STEP_NANOS));
        }
        return sent;
    }
}
