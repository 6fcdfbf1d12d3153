// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.signaling.Signal;
import io.nvremote.viewer.HostEntry;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The hosts that one signed-in person may see, as the control plane's channel tells of them: once all, then what changes. What was
 * known stays until the whole list is there again: not knowing is not "none". Sans-IO; safe for any thread.
 */
final class HostList {

    /** The newest of a host, and the newest that was said of its name. */
    private record Known(Signal.HostStatus status, Signal.HostLabel label) {}

    private final Map<HostId, Known> known = new HashMap<>();
    private final Set<HostId> toldAnew = new HashSet<>();
    private final Map<OrgId, String> orgs = new HashMap<>();
    private boolean whole;

    /** What the person's organisations are called. One that is not among them stays nameless. */
    synchronized void orgs(Map<OrgId, String> names) {
        orgs.putAll(names);
        known.values().forEach(host -> orgs.putIfAbsent(host.label().org(), ""));
    }

    /** Whether there is a host of an organisation that was not asked for its name yet. */
    synchronized boolean strange() {
        return known.values().stream()
                .anyMatch(host -> !orgs.containsKey(host.label().org()));
    }

    /** The channel is up: all hosts will be told of again. */
    synchronized void begin() {
        toldAnew.clear();
    }

    /** How a host is; what is older than what is known only says that it is still there. */
    synchronized void told(Signal.HostStatus status) {
        toldAnew.add(status.hostId());
        Known before = known.get(status.hostId());
        if (before != null && before.status().updatedAt().isAfter(status.updatedAt())) {
            return;
        }
        Signal.HostLabel label = status.label();
        if (label != null) {
            known.put(status.hostId(), new Known(status, label));
        } else if (before != null) {
            known.put(status.hostId(), new Known(status, before.label()));
        }
    }

    /** Every host was told of: the others are gone. The control plane may tell of all again on the same channel. */
    synchronized void complete(int count) {
        if (toldAnew.size() >= count) { // else two lists overlapped, and nobody knows what is missing
            known.keySet().retainAll(toldAnew);
        }
        toldAnew.clear();
        whole = true;
    }

    synchronized void removed(HostId host) {
        known.remove(host);
        toldAnew.remove(host);
    }

    /** Whether every host was told of once. */
    synchronized boolean whole() {
        return whole;
    }

    /** By name. */
    synchronized List<HostEntry> all() {
        return known.values().stream()
                .map(this::entry)
                .sorted(Comparator.comparing(HostEntry::name)
                        .thenComparing(host -> host.id().toString()))
                .toList();
    }

    synchronized Optional<HostEntry> find(HostId host) {
        return Optional.ofNullable(known.get(host)).map(this::entry);
    }

    private HostEntry entry(Known host) {
        Signal.HostStatus status = host.status();
        Signal.HostLabel label = host.label();
        Signal.HostLoad load = status.load();
        boolean heard = load != null && !status.status().equals("OFFLINE");
        Instant seen = heard ? status.updatedAt() : label.lastSeen();
        return new HostEntry(
                status.hostId(),
                label.name(),
                label.org(),
                orgs.getOrDefault(label.org(), ""),
                status.status(),
                label.gpuName(),
                status.gpuUsage(),
                load == null ? null : load.cpuUsage(),
                load == null ? null : load.memoryUsedMb(),
                load == null ? null : load.memoryTotalMb(),
                status.activeSessions(),
                label.os(),
                seen == null ? null : seen.toString());
    }
}
