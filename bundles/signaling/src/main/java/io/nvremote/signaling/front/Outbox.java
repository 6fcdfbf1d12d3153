// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.front;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What waits to leave one socket, in order and bounded. Sans-IO; the line's lock guards it. */
final class Outbox {

    /** The most text that may wait, in bytes. */
    static final int MAX_BYTES = 1024 * 1024;

    /** Who sends many in pieces waits for less than this, so that there is room for what others have to say. */
    static final int ROOMY_BYTES = 128 * 1024;

    /** One thing to do to the socket. */
    sealed interface Parcel {
        record Text(String text) implements Parcel {}

        record Ping() implements Parcel {}

        /** The last one. */
        record Close(int code, String reason) implements Parcel {}
    }

    private final ArrayDeque<Parcel> waiting = new ArrayDeque<>();
    private int bytes;
    private boolean closing;

    /** False if that is more than may wait. What comes after a close is dropped. */
    boolean offer(Parcel parcel) {
        if (closing) {
            return true;
        }
        if (parcel instanceof Parcel.Text text) {
            if (bytes + text.text().length() > MAX_BYTES) {
                return false;
            }
            bytes += text.text().length();
        }
        closing = parcel instanceof Parcel.Close;
        waiting.add(parcel);
        return true;
    }

    @Nullable
    Parcel poll() {
        Parcel next = waiting.poll();
        if (next instanceof Parcel.Text text) {
            bytes -= text.text().length();
        }
        return next;
    }

    /** Whether little enough waits for a sender of many to go on. */
    boolean roomy() {
        return bytes <= ROOMY_BYTES;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    void clear() {
        waiting.clear();
        bytes = 0;
        closing = true;
    }
}
