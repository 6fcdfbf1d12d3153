// SPDX-License-Identifier: Apache-2.0
package io.nvremote.presence.local;

import io.nvremote.signaling.Signal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What of a host's state is worth telling everybody. */
final class News {

    /** Of 100. */
    private static final double STEP = 5;

    private News() {}

    static boolean differ(Signal.@Nullable HostStatus before, Signal.HostStatus now) {
        return before == null
                || stateDiffers(before, now)
                || before.activeSessions() != now.activeSessions()
                || far(before.gpuUsage(), now.gpuUsage())
                || loadDiffers(before.load(), now.load());
    }

    /** What guests hear of. */
    static boolean stateDiffers(Signal.@Nullable HostStatus before, Signal.HostStatus now) {
        return before == null || !before.status().equals(now.status()) || !Objects.equals(name(before), name(now));
    }

    static Signal.HostStatus forGuests(Signal.HostStatus all) {
        Signal.HostLabel label = all.label();
        return new Signal.HostStatus(
                all.hostId(),
                all.status(),
                null,
                0,
                all.updatedAt(),
                null,
                label == null ? null : new Signal.HostLabel(label.org(), label.name(), null, null, null));
    }

    private static @Nullable String name(Signal.HostStatus status) {
        return status.label() == null ? null : status.label().name();
    }

    private static boolean loadDiffers(Signal.@Nullable HostLoad before, Signal.@Nullable HostLoad now) {
        if (before == null || now == null) {
            return !Objects.equals(before, now);
        }
        return far(before.cpuUsage(), now.cpuUsage())
                || !Objects.equals(before.memoryTotalMb(), now.memoryTotalMb())
                || far(share(before), share(now));
    }

    private static @Nullable Double share(Signal.HostLoad load) {
        Long used = load.memoryUsedMb();
        Long total = load.memoryTotalMb();
        return used == null || total == null || total <= 0 ? null : 100.0 * used / total;
    }

    private static boolean far(@Nullable Double before, @Nullable Double now) {
        return (before == null || now == null) ? !Objects.equals(before, now) : Math.abs(before - now) >= STEP;
    }
}
