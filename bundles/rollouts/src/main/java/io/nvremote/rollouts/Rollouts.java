// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rollouts;

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
import io.nvremote.presence.Audience;
import io.nvremote.presence.Holder;
import io.nvremote.presence.Lease;
import io.nvremote.presence.Presence;
import io.nvremote.signaling.Signal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes versions of bundles to hosts: offers, hands out the bytes, hears what became of it. What a host takes is the host's own decision, by
 * whom its operator trusts; the control plane only carries. Safe for any thread.
 */
final class Rollouts {

    private static final Logger LOG = LoggerFactory.getLogger(Rollouts.class);
    private static final AuditType STARTED = new AuditType("ROLLOUT_STARTED");
    private static final AuditType ENDED = new AuditType("ROLLOUT_ENDED");

    private final RolloutBook book;
    private final Directory directory;
    private final Presence presence;
    private final AuditTrail audit;
    private final RolloutsSettings settings;
    private final Clock clock;
    private final ReentrantLock one = new ReentrantLock();
    /** On which connection a host was told last: on another it is told again. */
    private final Map<String, Long> told = new ConcurrentHashMap<>();

    Rollouts(
            RolloutBook book,
            Directory directory,
            Presence presence,
            AuditTrail audit,
            RolloutsSettings settings,
            Clock clock) {
        this.book = book;
        this.directory = directory;
        this.presence = presence;
        this.audit = audit;
        this.settings = settings;
        this.clock = clock;
    }

    List<Rollout> all() {
        return book.all();
    }

    /**
     * Begins one, with the hosts that are connected first.
     *
     * @throws StreamException with a {@link RolloutError}; nothing was said to anybody
     */
    Rollout start(BundleJar jar, OrgId org, String waves, boolean atRestart, Actor actor) {
        one.lock();
        try {
            if (book.all().stream()
                    .anyMatch(each -> each.isRunning()
                            && each.org().equals(org)
                            && each.bundle().equals(jar.name()))) {
                throw new StreamException(
                        RolloutError.UNDER_WAY, "another version of " + jar.name() + " is on its way to these hosts");
            }
            List<Host> hosts = new ArrayList<>(directory.hosts(org));
            if (hosts.isEmpty()) {
                throw new StreamException(RolloutError.NO_HOSTS, "the organisation " + org + " has no hosts");
            }
            hosts.sort(Comparator.comparing((Host host) -> !online(host.id())).thenComparing(Host::label));
            Waves parsed = Waves.parse(waves, hosts.size());
            Instant now = clock.instant();
            List<Place> places = new ArrayList<>();
            for (Host host : hosts) {
                places.add(new Place(host.id(), host.label(), parsed.of(places.size()), Place.Step.TO_COME, "", now));
            }
            Rollout fresh = new Rollout(
                    UUID.randomUUID().toString(),
                    org,
                    jar.name(),
                    jar.version(),
                    jar.sha256(),
                    atRestart,
                    now,
                    Rollout.State.RUNNING,
                    "",
                    0,
                    places);
            book.add(fresh, jar.content());
            note(fresh, STARTED, actor);
            return fresh;
        } finally {
            one.unlock();
        }
    }

    /**
     * Nobody else is told from now on.
     *
     * @throws StreamException {@link RolloutError#ROLLOUT_UNKNOWN}
     */
    Rollout stop(String id, Actor actor) {
        one.lock();
        try {
            Rollout running = book.find(id)
                    .orElseThrow(() -> new StreamException(RolloutError.ROLLOUT_UNKNOWN, "there is no roll-out " + id));
            Rollout stopped = running.stopped("stopped by the operator");
            keep(running, stopped, actor);
            return stopped;
        } finally {
            one.unlock();
        }
    }

    /** Looks what follows from the time that passed, and tells whose turn it is. For a thread that comes back to it. */
    void look() {
        one.lock();
        try {
            for (Rollout running : book.all()) {
                if (running.isRunning()) {
                    Instant now = clock.instant();
                    Rollout next = running.advanced(now, this::online, settings.soak(), settings.patience())
                            .offered(now, this::online);
                    keep(running, next, Actor.SYSTEM);
                    tell(next);
                }
            }
        } finally {
            one.unlock();
        }
    }

    private void tell(Rollout running) {
        for (Place place : running.places()) {
            Optional<Lease> lease =
                    running.isRunning() && place.isOpen() ? presence.host(place.host()) : Optional.empty();
            if (lease.isPresent()) {
                String whom = running.id() + " " + place.host();
                Long last = told.put(whom, lease.get().epoch());
                if (last == null || last != lease.get().epoch()) {
                    offer(running, place.host());
                }
            }
        }
    }

    private void offer(Rollout running, HostId host) {
        try {
            presence.send(
                    new Audience.Host(host),
                    new Signal.BundleOffer(
                            running.sha256(),
                            running.bundle(),
                            running.version(),
                            book.bytes(running.sha256()),
                            running.atRestart()));
        } catch (IOException e) {
            told.remove(running.id() + " " + host);
            LOG.atError()
                    .addKeyValue(Keys.BUNDLE, running.bundle())
                    .addKeyValue(Keys.REASON, e.getMessage())
                    .log("what is rolled out can't be read");
        }
    }

    private boolean online(HostId host) {
        return presence.host(host).isPresent();
    }

    /** A host wants bytes of what it was offered; it gets none if that was stopped meanwhile. */
    boolean read(Holder.Host host, Signal.BundleRead wanted) {
        List<Rollout> offered = book.all().stream()
                .filter(each -> each.sha256().equals(wanted.sha256())
                        && each.place(host.host())
                                .filter(place -> place.step() != Place.Step.TO_COME)
                                .isPresent())
                .toList();
        if (offered.isEmpty()) {
            return false;
        }
        try {
            ByteBuffer part = offered.stream().anyMatch(Rollout::isRunning)
                    ? book.part(wanted.sha256(), wanted.offset(), Signal.BundlePart.PART_BYTES)
                    : ByteBuffer.allocate(0);
            byte[] bytes = new byte[part.remaining()];
            part.get(bytes);
            presence.send(
                    new Audience.Host(host.host()),
                    new Signal.BundlePart(
                            wanted.sha256(),
                            wanted.offset(),
                            Base64.getEncoder().encodeToString(bytes)));
        } catch (IOException e) {
            LOG.atError().addKeyValue(Keys.REASON, e.getMessage()).log("what is rolled out can't be read");
        }
        return true;
    }

    /** A host says what became of what it was offered. */
    boolean heard(Holder.Host host, Signal.BundleOutcome said) {
        Place.Step step =
                switch (said.outcome()) {
                    case REPLACED -> Place.Step.DONE;
                    case WAITING -> Place.Step.WAITING;
                    case UNDONE, REFUSED -> Place.Step.FAILED;
                    case NOT_CONCERNED -> Place.Step.SKIPPED;
                };
        one.lock();
        try {
            boolean known = false;
            for (Rollout each : book.all()) {
                Optional<Place> place =
                        each.sha256().equals(said.sha256()) ? each.place(host.host()) : Optional.empty();
                if (place.isPresent() && place.get().step() != Place.Step.TO_COME) {
                    known = true;
                    if (place.get().step() != Place.Step.DONE) {
                        book.put(each.with(host.host(), p -> p.now(step, said.detail(), clock.instant())));
                    }
                }
            }
            return known;
        } finally {
            one.unlock();
        }
    }

    private void keep(Rollout before, Rollout next, Actor actor) {
        book.put(next);
        if (before.isRunning() && !next.isRunning()) {
            told.keySet().removeIf(whom -> whom.startsWith(next.id()));
            note(next, ENDED, actor);
        }
    }

    private void note(Rollout about, AuditType type, Actor actor) {
        audit.append(AuditEvent.of(about.org(), type, actor, "rollout", about.id())
                .with("bundle", about.bundle())
                .with("version", about.version())
                .with("sha256", about.sha256())
                .with("state", about.state().name())
                .with("reason", about.reason()));
        LOG.atInfo()
                .addKeyValue(Keys.BUNDLE, about.bundle())
                .addKeyValue(Keys.VERSION, about.version())
                .addKeyValue("state", about.state())
                .addKeyValue(Keys.REASON, about.reason())
                .log("roll-out");
    }
}
