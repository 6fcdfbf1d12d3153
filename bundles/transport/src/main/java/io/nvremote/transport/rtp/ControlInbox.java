// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.transport.ControlChannel;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The receiving half of a control channel: orders fragments, puts messages together. One thread at a time. */
final class ControlInbox {

    /** Fragments that may be on the way at once; as many as one acknowledgement can tell about. */
    static final int WINDOW = 64;

    private static final int MAX_WAITING_BYTES = 1 << 20;

    private final byte[] @Nullable [] fragments = new byte[WINDOW][];
    private final int[] flags = new int[WINDOW];
    private final ArrayDeque<byte[]> messages = new ArrayDeque<>();
    private int waitingBytes;
    private byte[] partial = new byte[2048];
    private int partialBytes;
    private boolean inMessage;
    private int expected;
    private long malformed;

    /** Another peer begins: nothing of the old one's half-sent messages is left. */
    void restart() {
        Arrays.fill(fragments, null);
        expected = 0;
        partialBytes = 0;
        inMessage = false;
    }

    /** Takes one fragment. Refuses quietly, so that it is sent again, while nobody takes the messages out. */
    void take(int number, int flag, ByteBuffer in, int at, int length) {
        int ahead = number - expected;
        if (ahead < 0 || ahead >= WINDOW || waitingBytes > MAX_WAITING_BYTES) {
            return;
        }
        int index = number & WINDOW - 1;
        if (fragments[index] == null) {
            byte[] copy = new byte[length];
            in.get(at, copy);
            fragments[index] = copy;
            flags[index] = flag;
        }
        for (byte[] next = fragments[expected & WINDOW - 1]; next != null; next = fragments[expected & WINDOW - 1]) {
            index = expected & WINDOW - 1;
            fragments[index] = null;
            expected++;
            append(next, flags[index]);
        }
    }

    private void append(byte[] fragment, int flag) {
        boolean first = (flag & ControlFrame.FIRST) != 0;
        if (first) {
            malformed += inMessage ? 1 : 0;
            partialBytes = 0;
            inMessage = true;
        }
        if (!inMessage || partialBytes + fragment.length > ControlChannel.MAX_MESSAGE_BYTES) {
            malformed++;
            inMessage = false;
            return;
        }
        if (partial.length < partialBytes + fragment.length) {
            partial = Arrays.copyOf(partial, Math.max(2 * partial.length, partialBytes + fragment.length));
        }
        System.arraycopy(fragment, 0, partial, partialBytes, fragment.length);
        partialBytes += fragment.length;
        if ((flag & ControlFrame.LAST) != 0) {
            messages.add(Arrays.copyOf(partial, partialBytes));
            waitingBytes += partialBytes;
            inMessage = false;
        }
    }

    /** The next message in order, or null. */
    byte @Nullable [] poll() {
        byte[] message = messages.poll();
        waitingBytes -= message == null ? 0 : message.length;
        return message;
    }

    int acknowledged() {
        return expected;
    }

    long selective() {
        long bits = 0;
        for (int i = 0; i < WINDOW - 1; i++) {
            if (fragments[expected + 1 + i & WINDOW - 1] != null) {
                bits |= 1L << i;
            }
        }
        return bits;
    }

    long malformed() {
        return malformed;
    }
}
