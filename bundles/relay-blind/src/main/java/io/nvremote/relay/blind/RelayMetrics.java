// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.blind;

import io.nvremote.relay.RelayCounters;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** Figures of the relay: one thread writes, any may read. */
final class RelayMetrics {

    private final Map<Drop, AtomicLong> drops = new EnumMap<>(Drop.class);
    private final AtomicLong datagrams = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong answers = new AtomicLong();
    private volatile long sessions;
    private volatile long bound;

    RelayMetrics() {
        for (Drop reason : Drop.values()) {
            drops.put(reason, new AtomicLong());
        }
    }

    void drop(Drop reason) {
        AtomicLong count = Objects.requireNonNull(drops.get(reason));
        count.setRelease(count.getPlain() + 1);
    }

    void passed(int length) {
        datagrams.setRelease(datagrams.getPlain() + 1);
        bytes.setRelease(bytes.getPlain() + length);
    }

    void answered() {
        answers.setRelease(answers.getPlain() + 1);
    }

    void sizes(long sessionsNow, long boundNow) {
        sessions = sessionsNow;
        bound = boundNow;
    }

    RelayCounters read() {
        Map<String, Long> byReason = new TreeMap<>();
        drops.forEach((reason, count) -> byReason.put(reason.metric(), count.get()));
        return RelayCounters.of(sessions, bound, datagrams.get(), bytes.get(), answers.get(), byReason);
    }
}
