// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The sending half of a control channel: cuts messages, keeps them until they are acknowledged, says what to send again
 * and when. One thread at a time.
 */
final class ControlOutbox {

    static final int MAX_QUEUED_BYTES = 1 << 20;
    /** Also what an empty message costs, so that their number is bounded too. */
    private static final int MESSAGE_OVERHEAD = 64;

    private static final long FIRST_TIMEOUT_NANOS = 100_000_000;
    private static final long MIN_TIMEOUT_NANOS = 20_000_000;
    private static final long MAX_TIMEOUT_NANOS = 1_000_000_000;
    private static final int OVERTAKEN = 3;

    private static final class Message {
        final byte[] data;
        int cut;
        int lastNumber;

        Message(byte[] data) {
            this.data = data;
        }
    }

    /** One fragment on its way. */
    static final class Fragment {
        byte[] data = new byte[0];
        int number;
        int offset;
        int length;
        int flags;
        private int sends;
        private long sentAt;
        private long due;
        private boolean acknowledged;
    }

    private final ArrayDeque<Message> waiting = new ArrayDeque<>();
    private final ArrayDeque<Message> flying = new ArrayDeque<>();
    private final Fragment[] fragments = new Fragment[ControlInbox.WINDOW];
    private int oldest;
    private int next;
    private int queuedBytes;
    private long smoothed;
    private long variation;
    private long timeout = FIRST_TIMEOUT_NANOS;

    ControlOutbox() {
        Arrays.setAll(fragments, i -> new Fragment());
    }

    /** Queues a message; false if too much waits already. */
    boolean add(byte[] message) {
        if (queuedBytes + message.length + MESSAGE_OVERHEAD > MAX_QUEUED_BYTES) {
            return false;
        }
        queuedBytes += message.length + MESSAGE_OVERHEAD;
        waiting.add(new Message(message));
        return true;
    }

    boolean isEmpty() {
        return waiting.isEmpty() && flying.isEmpty();
    }

    /** Another peer begins: whatever the old one did not wholly acknowledge goes to the new one from its start. */
    void restart() {
        while (!flying.isEmpty()) {
            waiting.addFirst(flying.removeLast());
        }
        for (Message message : waiting) {
            message.cut = 0;
        }
        oldest = 0;
        next = 0;
        timeout = FIRST_TIMEOUT_NANOS;
        smoothed = 0;
    }

    /** The next fragment to send now, first what is overdue, then new ones; null if there is none. */
    @Nullable
    Fragment poll(long now) {
        for (int number = oldest; number - next < 0; number++) {
            Fragment fragment = at(number);
            if (!fragment.acknowledged && fragment.due - now <= 0) {
                return sent(fragment, now);
            }
        }
        return waiting.isEmpty() || next - oldest >= ControlInbox.WINDOW ? null : sent(cut(), now);
    }

    private Fragment sent(Fragment fragment, long now) {
        fragment.sends++;
        fragment.sentAt = now;
        fragment.due = now + Math.min(MAX_TIMEOUT_NANOS, timeout << Math.min(fragment.sends - 1, 6));
        return fragment;
    }

    private Fragment cut() {
        Message message = waiting.element();
        Fragment fragment = at(next);
        fragment.data = message.data;
        fragment.number = next++;
        fragment.offset = message.cut;
        fragment.length = Math.min(ControlFrame.MAX_FRAGMENT, message.data.length - message.cut);
        fragment.sends = 0;
        fragment.acknowledged = false;
        message.cut += fragment.length;
        boolean last = message.cut == message.data.length;
        fragment.flags = (fragment.offset == 0 ? ControlFrame.FIRST : 0) | (last ? ControlFrame.LAST : 0);
        if (last) {
            message.lastNumber = fragment.number;
            flying.add(waiting.remove());
        }
        return fragment;
    }

    /** Takes an acknowledgement; false if it speaks of what was never sent. */
    boolean acknowledged(int upTo, long selective, long now) {
        if (upTo - next > 0) {
            return false;
        }
        int highest = upTo - 1;
        for (int number = oldest; number - next < 0; number++) {
            int bit = number - upTo - 1;
            boolean here = number - upTo < 0 || (bit >= 0 && bit < 64 && (selective >>> bit & 1) != 0);
            if (here) {
                highest = number;
                arrived(at(number), now);
            }
        }
        while (oldest - next < 0 && at(oldest).acknowledged) {
            oldest++;
        }
        for (Message first = flying.peek(); first != null && first.lastNumber - oldest < 0; first = flying.peek()) {
            queuedBytes -= first.data.length + MESSAGE_OVERHEAD;
            flying.remove();
        }
        for (int number = oldest; highest - number >= OVERTAKEN; number++) {
            Fragment fragment = at(number);
            if (!fragment.acknowledged && fragment.sends == 1) {
                fragment.due = now;
            }
        }
        return true;
    }

    /** Round trips count only for what was sent once (Karn); the timeout is that of RFC 6298 with lower bounds. */
    private void arrived(Fragment fragment, long now) {
        if (!fragment.acknowledged && fragment.sends == 1) {
            long sample = now - fragment.sentAt;
            variation = smoothed == 0 ? sample / 2 : variation + (Math.abs(sample - smoothed) - variation) / 4;
            smoothed = smoothed == 0 ? Math.max(1, sample) : smoothed + (sample - smoothed) / 8;
            timeout = Math.clamp(smoothed + 4 * variation, MIN_TIMEOUT_NANOS, MAX_TIMEOUT_NANOS);
        }
        fragment.acknowledged = true;
    }

    /** When something on its way must be sent again. */
    long due() {
        long due = Long.MAX_VALUE;
        for (int number = oldest; number - next < 0; number++) {
            due = at(number).acknowledged ? due : Math.min(due, at(number).due);
        }
        return due;
    }

    private Fragment at(int number) {
        return fragments[number & ControlInbox.WINDOW - 1];
    }
}
