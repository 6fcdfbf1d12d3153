// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein.sample;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/** A plugin's component that does what the file {@code mode.txt} in its bundle says. */
public final class Sample implements Runnable {

    private final String mode = mode();
    private volatile boolean over;

    public Sample() {
        act("constructor");
    }

    /** Called by SCR. */
    public void gone() {
        over = true;
        act("deactivate");
    }

    @Override
    public void run() {
        act("run");
    }

    private void act(String where) {
        if (mode.equals(where + " hangs")) {
            while (true) {
                LockSupport.park(this); // Native code listens to no interrupt.
            }
        }
        if (mode.equals(where + " starts a thread")) {
            Thread.ofPlatform().daemon().start(() -> {
                while (!over) {
                    LockSupport.parkNanos(this, 1_000_000);
                }
            });
        }
        if (mode.equals(where + " throws")) {
            throw new IllegalStateException("broken on purpose");
        }
        if (mode.equals(where + " fails")) {
            throw new AssertionError("broken on purpose");
        }
    }

    private static String mode() {
        try (InputStream in = Sample.class.getResourceAsStream("/mode.txt")) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
