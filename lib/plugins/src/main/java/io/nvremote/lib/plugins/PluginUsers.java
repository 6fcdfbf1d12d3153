// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.plugins;

import io.nvremote.core.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Those who may work with plugins now. Safe for any thread. */
public final class PluginUsers<T extends PluginUser> {

    private final List<T> open = new CopyOnWriteArrayList<>();
    private static final Duration LET_GO = Duration.ofMillis(1500);

    private final Duration limit;
    private final Clock clock = Clock.system();

    /** A bundle that stops waits a second and a half. */
    public PluginUsers() {
        this(LET_GO);
    }

    /** @param limit in which those who work with a service that goes let go of it: a bundle that stops waits so long */
    public PluginUsers(Duration limit) {
        this.limit = limit;
    }

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
        long deadline = clock.nanos() + limit.toNanos();
        while (open.stream().anyMatch(user -> user.uses(serviceId))
                && clock.nanos() - deadline < 0
                && !Thread.currentThread().isInterrupted()) {
            clock.sleep(Duration.ofMillis(5));
        }
    }
}
