// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.x11;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import io.nvremote.capture.CaptureError;
import io.nvremote.core.StreamException;

/**
 * Wall: waits for the X server's socket and can be woken from any thread. {@link #await} belongs to one thread, and
 * {@link #serverGone} to one at a time.
 */
final class Waker {

    private static final int CLOSE_ON_EXEC_AND_NON_BLOCKING = 0x80800;
    private static final short POLLIN = 0x1;
    private static final short POLLERR_OR_POLLHUP = 0x18;
    private static final int ENTRY_BYTES = 8;

    private final X11Library.C c;
    private final int wakeDescriptor;
    /** Two {@code struct pollfd}: wake-up, then server. */
    private final Memory entries = new Memory(2 * ENTRY_BYTES);

    /** One {@code struct pollfd} that asks for nothing but errors. */
    private final Memory probe = new Memory(ENTRY_BYTES);

    private final Memory timeout = new Memory(16);
    private final Memory noTime = new Memory(16);
    private final Memory counter = new Memory(8);
    private final Memory one = new Memory(8);
    private boolean open = true;

    Waker(X11Library.C c, int serverDescriptor) {
        this.c = c;
        wakeDescriptor = c.eventfd(0, CLOSE_ON_EXEC_AND_NON_BLOCKING);
        if (wakeDescriptor < 0) {
            throw new StreamException(CaptureError.SOURCE_UNAVAILABLE, "no file descriptor left for a wake-up");
        }
        entries.setInt(0, wakeDescriptor);
        entries.setInt(ENTRY_BYTES, serverDescriptor);
        probe.clear();
        probe.setInt(0, serverDescriptor);
        noTime.clear();
        one.setLong(0, 1);
    }

    /** Waits at most so long for a wake-up, and for the server if {@code alsoServer}. */
    void await(long nanos, boolean alsoServer) {
        entries.setShort(4, POLLIN);
        entries.setShort(ENTRY_BYTES + 4, POLLIN);
        timeout.setLong(0, nanos / 1_000_000_000L);
        timeout.setLong(8, nanos % 1_000_000_000L);
        c.ppoll(entries, new NativeLong(alsoServer ? 2 : 1), timeout, Pointer.NULL);
        c.read(wakeDescriptor, counter, new NativeLong(8)); // non-blocking: empties the counter if it was raised
    }

    /** Whether the server has closed its end. */
    boolean serverGone() {
        c.ppoll(probe, new NativeLong(1), noTime, Pointer.NULL);
        return (probe.getShort(6) & POLLERR_OR_POLLHUP) != 0;
    }

    synchronized void wake() {
        if (open) {
            c.write(wakeDescriptor, one, new NativeLong(8));
        }
    }

    synchronized void close() {
        if (open) {
            open = false;
            c.close(wakeDescriptor);
        }
    }
}
