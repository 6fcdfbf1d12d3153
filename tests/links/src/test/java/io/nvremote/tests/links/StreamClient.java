// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.links;

import io.nvremote.tests.bench.Parts;
import io.nvremote.transport.Transport;
import io.nvremote.transport.VideoReceiver;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The client's end. Prints, for each picture, {@code pictures=N steady=MS newest=S before=S after=S}: how many there were, how
 * long after the first datagram of all ten of them had come within one second (-1: not yet), the sequence of this one, and
 * those before and behind the last gap (-1: none).
 */
final class StreamClient {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Deque<Long> lastSecond = new ArrayDeque<>();
    private long first = -1;
    private long steadyMillis = -1;
    private long pictures;
    private long newest = -1;
    private long before = -1;
    private long after = -1;

    private StreamClient() {}

    public static void main(String[] arguments) throws IOException {
        StreamEnd socket = new StreamEnd(arguments[0]);
        StreamClient client = new StreamClient();
        VideoReceiver receiver = Parts.make(Transport.class, Map.of())
                .receiveVideo(StreamEnd.SPEC, socket::send, unit -> client.picture(unit.sequence()));
        socket.receive(datagram -> {
            client.began();
            receiver.receive(datagram);
        });
    }

    private synchronized void began() {
        first = first < 0 ? System.nanoTime() : first;
    }

    @SuppressWarnings("SystemOut") // how its parent hears it
    private synchronized void picture(long sequence) {
        long now = System.nanoTime();
        pictures++;
        if (sequence != newest + 1) {
            before = newest;
            after = sequence;
        }
        newest = sequence;
        lastSecond.add(now);
        while (now - lastSecond.getFirst() > SECOND) {
            lastSecond.remove();
        }
        if (steadyMillis < 0 && lastSecond.size() >= 10) {
            steadyMillis = (now - first) / 1_000_000;
        }
        System.out.println("pictures=" + pictures + " steady=" + steadyMillis + " newest=" + newest + " before="
                + before + " after=" + after);
    }
}
