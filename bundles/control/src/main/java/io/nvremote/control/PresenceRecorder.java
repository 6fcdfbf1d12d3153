// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.AuditType;
import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import io.nvremote.core.HostId;
import io.nvremote.core.Keys;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.directory.Directory;
import io.nvremote.directory.Host;
import io.nvremote.directory.HostPresence;
import io.nvremote.presence.Holder;
import io.nvremote.presence.Lease;
import io.nvremote.presence.PendingAnswers;
import io.nvremote.presence.Presence;
import io.nvremote.presence.PresenceError;
import io.nvremote.telemetry.Counter;
import io.nvremote.telemetry.MetricReport;
import io.nvremote.telemetry.MetricSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down who is connected. It is told <em>that</em> a host changed, and asks how it is when it writes: one writer, the
 * newest truth, so that a going and a coming that cross can't end as gone, and what could not be written is written
 * later. Safe for any thread; {@link #flush} and {@link #compare} block on the database.
 */
@Component(service = {PresenceRecorder.class, MetricSource.class})
public final class PresenceRecorder implements Presence.Watcher, MetricSource {

    private static final Logger LOG = LoggerFactory.getLogger(PresenceRecorder.class);
    private static final int BATCH = 500;

    private final Presence presence;
    private final PendingAnswers answers;
    private final Directory directory;
    private final HostNews news;
    private final AuditTrail audit;
    private final Presence.Watch watch;
    private final ReentrantLock writing = new ReentrantLock();
    private final Map<HostId, OrgId> unwritten = new LinkedHashMap<>();
    private final Absences absences = new Absences();
    private final Counter heartbeatBatches = new Counter(ControlFigures.HEARTBEAT_BATCHES);
    private final Counter writtenHeartbeats = new Counter(ControlFigures.WRITTEN_HEARTBEATS);
    private final Clock clock = Clock.system();

    @Activate
    public PresenceRecorder(
            @Reference Presence presence,
            @Reference PendingAnswers answers,
            @Reference Directory directory,
            @Reference HostNews news,
            @Reference AuditTrail audit) {
        this.presence = presence;
        this.answers = answers;
        this.directory = directory;
        this.news = news;
        this.audit = audit;
        this.watch = presence.watch(this);
    }

    @Override
    public void changed(OrgId org, HostId host) {
        synchronized (unwritten) {
            unwritten.put(host, org);
        }
        if (presence.host(host).isEmpty()) {
            answers.gone(host);
        }
    }

    @Override
    public void cloned(Lease newer, Lease older) {
        if (newer.holder() instanceof Holder.Host host) {
            LOG.atWarn()
                    .addKeyValue(Keys.HOST, host.host())
                    .addKeyValue(Keys.ORG, host.org())
                    .addKeyValue(Keys.CODE, PresenceError.CLONED_IDENTITY)
                    .addKeyValue("newer", newer.remote())
                    .addKeyValue("older", older.remote())
                    .addKeyValue("advice", PresenceError.CLONED_IDENTITY.advice())
                    .log("two machines show the identity of one host");
            // Not on the thread that came: a watcher does not block.
            Thread.ofVirtual().name("cloned-identity").start(() -> alarm(host, newer, older));
        }
    }

    private void alarm(Holder.Host host, Lease newer, Lease older) {
        try {
            audit.append(new AuditEvent(
                            host.org(),
                            new AuditType(PresenceError.CLONED_IDENTITY.name()),
                            actor(newer),
                            AuditEvent.Outcome.FAILURE,
                            "host",
                            host.host().toString(),
                            null,
                            Map.of())
                    .with("newer", newer.remote().toString())
                    .with("older", older.remote().toString()));
        } catch (StreamException e) {
            LOG.atError().setCause(e).addKeyValue(Keys.HOST, host.host()).log("cloned identity could not be audited");
        }
    }

    /** Whether the host is connected, at whichever control plane. */
    boolean connected(HostId host) {
        return presence.host(host).isPresent();
    }

    /** Writes what changed since, and tells everybody of it. What can't be written stays for the next time. */
    void flush() {
        writing.lock();
        try {
            for (Map<HostId, OrgId> batch = take(); !batch.isEmpty(); batch = take()) {
                write(batch);
            }
            int hosts = directory.writeHeartbeats();
            if (hosts > 0) {
                heartbeatBatches.increment();
                writtenHeartbeats.add(hosts);
            }
        } finally {
            writing.unlock();
        }
    }

    private void write(Map<HostId, OrgId> batch) {
        boolean written = false;
        try {
            List<HostPresence> now = new ArrayList<>();
            batch.forEach((host, org) -> now.add(presence.host(host)
                    .map(lease -> new HostPresence(org, host, true, actor(lease)))
                    .orElseGet(() -> new HostPresence(org, host, false, Actor.SYSTEM))));
            List<Host> hosts = directory.presence(now);
            written = true;
            hosts.forEach(news::publish);
            Map<HostId, OrgId> gone = new LinkedHashMap<>(batch);
            hosts.forEach(host -> gone.remove(host.id()));
            gone.forEach((host, org) -> news.removed(org, host));
            LOG.atInfo()
                    .addKeyValue(
                            "online", now.stream().filter(HostPresence::online).count())
                    .addKeyValue(
                            "offline", now.stream().filter(h -> !h.online()).count())
                    .addKeyValue(Keys.HOST, now.getFirst().host())
                    .log("presence written");
        } finally {
            if (!written) {
                synchronized (unwritten) {
                    batch.forEach(unwritten::putIfAbsent);
                }
            }
        }
    }

    private Map<HostId, OrgId> take() {
        Map<HostId, OrgId> batch = new LinkedHashMap<>();
        synchronized (unwritten) {
            var entries = unwritten.entrySet().iterator();
            while (entries.hasNext() && batch.size() < BATCH) {
                var entry = entries.next();
                batch.put(entry.getKey(), entry.getValue());
                entries.remove();
            }
        }
        return batch;
    }

    /**
     * Compares what is written with who is connected: a connected host that is not noted becomes online; one that is noted and
     * has been away for {@code silence} while somebody looked becomes offline. After a start, or while nobody could look,
     * hosts have that long to come.
     */
    void compare(Duration silence) {
        Map<HostId, OrgId> noted = new LinkedHashMap<>();
        try {
            directory.notedOnline().forEach(each -> noted.put(each.host(), each.org()));
        } catch (StreamException e) {
            absences.unknown();
            throw e;
        }
        for (Lease lease : presence.hosts()) {
            if (lease.holder() instanceof Holder.Host host && noted.remove(host.host()) == null) {
                changed(host.org(), host.host());
            }
        }
        noted.keySet().removeIf(host -> presence.host(host).isPresent());
        for (HostId host : absences.longer(noted.keySet(), silence, clock.nanos())) {
            OrgId org = noted.get(host);
            if (org != null) {
                changed(org, host);
            }
        }
    }

    @Override
    public void report(MetricReport to) {
        to.gauge(ControlFigures.HOSTS, presence.hosts().size());
        to.gauge(ControlFigures.CLIENTS, presence.clients().size());
        heartbeatBatches.report(to);
        writtenHeartbeats.report(to);
    }

    private static Actor actor(Lease lease) {
        return lease.holder() instanceof Holder.Host host
                ? Actor.host(host.host(), lease.remote().getAddress())
                : Actor.SYSTEM;
    }

    @Deactivate
    void close() {
        watch.close();
    }
}
