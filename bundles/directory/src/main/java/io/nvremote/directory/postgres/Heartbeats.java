// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import io.nvremote.core.Clock;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.directory.HostMetrics;
import io.nvremote.lib.jdbi.Handles;
import io.nvremote.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The newest figures of the hosts that speak to this process. They reach the database together, and only when there is
 * something to say. Safe for any thread.
 */
final class Heartbeats {

    /** How often the changed figures of one host are written at most. */
    static final Duration WRITE_INTERVAL = Duration.ofSeconds(15);

    /** How often figures that stay the same are written, for the time of the last heartbeat. */
    static final Duration REST_INTERVAL = Duration.ofSeconds(60);

    private final Store store;
    private final Clock clock;
    private final ConcurrentMap<HostId, Beat> beats = new ConcurrentHashMap<>();

    /** The newest figures, those that were written last and when (monotonic nanoseconds). */
    private record Beat(
            OrgId org, HostMetrics figures, @Nullable HostMetrics written, long writtenAt) {}

    private record Due(HostId host, Beat beat) {}

    Heartbeats(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    void take(OrgId org, HostId host, HostMetrics figures) {
        beats.compute(
                host,
                (id, before) -> new Beat(
                        org,
                        figures,
                        before == null ? null : before.written(),
                        before == null ? 0 : before.writtenAt()));
    }

    @Nullable
    HostMetrics newest(HostId host) {
        Beat beat = beats.get(host);
        return beat == null ? null : beat.figures();
    }

    void forget(HostId host) {
        beats.remove(host);
    }

    /** Writes what is due in one statement; what was not written stays due. */
    int write() {
        long now = clock.nanos();
        List<Due> due = new ArrayList<>();
        beats.forEach((host, beat) -> {
            if (due(beat, now)) {
                due.add(new Due(host, beat));
            }
        });
        if (due.isEmpty()) {
            return 0;
        }
        int rows = store.global(transaction -> Handles.open(transaction)
                .createQuery("SELECT note_heartbeats(:orgs, :hosts, :figures, :heard)")
                .bindArray("orgs", UUID.class, (Object[])
                        due.stream().map(d -> d.beat().org().value()).toArray(UUID[]::new))
                .bindArray("hosts", UUID.class, (Object[])
                        due.stream().map(d -> d.host().value()).toArray(UUID[]::new))
                .bindArray("figures", String.class, (Object[])
                        due.stream().map(d -> Json.write(d.beat().figures())).toArray(String[]::new))
                .bindArray("heard", String.class, (Object[]) due.stream()
                        .map(d -> d.beat().figures().at().toString())
                        .toArray(String[]::new))
                .mapTo(Integer.class)
                .one());
        for (Due each : due) {
            beats.computeIfPresent(
                    each.host(),
                    (id, beat) ->
                            new Beat(beat.org(), beat.figures(), each.beat().figures(), now));
        }
        return rows;
    }

    private static boolean due(Beat beat, long now) {
        HostMetrics written = beat.written();
        if (written == null) {
            return true;
        }
        long since = now - beat.writtenAt();
        return alike(beat.figures(), written)
                ? since >= REST_INTERVAL.toNanos() && !beat.figures().at().equals(written.at())
                : since >= WRITE_INTERVAL.toNanos();
    }

    /** But for the time and what follows from it. */
    private static boolean alike(HostMetrics one, HostMetrics other) {
        return still(one).equals(still(other));
    }

    private static HostMetrics still(HostMetrics f) {
        return new HostMetrics(
                Instant.EPOCH,
                f.cpuUsage(),
                f.memoryTotalMb(),
                f.memoryUsedMb(),
                f.gpuUsage(),
                f.gpuName(),
                f.gpuVramTotalMb(),
                f.gpuVramUsedMb(),
                f.streamerRunning(),
                f.activeSessions(),
                0);
    }
}
