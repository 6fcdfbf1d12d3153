// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.plugins;

import io.nvremote.core.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Those who may work with plugins now. Safe for any thread. */
public final class PluginUsers<T extends PluginUser> {

    /** A bundle that stops waits this long for the streams to let go of what it offers. */
    private static final Duration LET_GO = Duration.ofMillis(1500);

    private final List<T> open = new CopyOnWriteArrayList<>();
    private final Clock clock = Clock.system();

    public void add(T user) {
        open.add(user);
    }

    public void remove(T user) {
        open.remove(user);
    }

    public List<T> now() {
        return List.copyOf(open);
    }

    /** Waits until none of them uses this service any more, or for as long as a bundle that stops can wait. */
    public void letGo(long serviceId) {
        long deadline = clock.nanos() + LET_GO.toNanos();
        while (open.stream().anyMatch(user -> user.uses(serviceId))
                && clock.nanos() - deadline < 0
                && !Thread.currentThread().isInterrupted()) {
            clock.sleep(Duration.ofMillis(5));
        }
    }
}
