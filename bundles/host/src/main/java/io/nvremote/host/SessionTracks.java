// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Keys;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.lib.services.PluginFault;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.stream.StreamMessage;
import io.nvremote.track.Track;
import io.nvremote.track.TrackFactory;
import io.nvremote.track.TrackReport;
import io.nvremote.tunnel.TunnelDatagrams;
import io.nvremote.tunnel.TunnelPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tracks of one session: one of each name, from the best factory. What a track throws costs that track; the next best of the name takes
 * its place. Only without one that is essential the session ends.
 *
 * <p><b>Threads.</b> Safe for any.
 */
final class SessionTracks {

    private static final Logger LOG = LoggerFactory.getLogger(SessionTracks.class);

    /** What tracks need of the session itself. */
    interface Host {
        SessionId id();

        TunnelPort bind(int port, TunnelDatagrams arrived);

        void say(StreamMessage message);

        boolean peerIsHere();

        void end(String reason);
    }

    private final Host host;
    private final RankedServices<TrackFactory> factories;
    private final ServiceWatch services;
    private final List<SessionTrack> open = new CopyOnWriteArrayList<>();
    private final Map<Class<?>, Object> facts = new ConcurrentHashMap<>();
    private volatile boolean up;
    private volatile boolean closed;

    SessionTracks(Host host, RankedServices<TrackFactory> factories, ServiceWatch services) {
        this.host = host;
        this.factories = factories;
        this.services = services;
    }

    /** Why no session could begin now, in a few words; empty: nothing is known against it. */
    static String refusal(RankedServices<TrackFactory> factories) {
        boolean any = false;
        for (String name : factories.kinds()) {
            ServiceCandidate<TrackFactory> best =
                    choices(factories, name).stream().findFirst().orElse(null);
            try {
                if (best != null && PluginFault.guard(() -> best.service().essential())) {
                    any = true;
                    String refusal = PluginFault.guard(() -> best.service().refusal());
                    if (!refusal.isEmpty()) {
                        return refusal;
                    }
                }
            } catch (PluginFault e) {
                LOG.atWarn().setCause(e).addKeyValue(Keys.PLUGIN, best).log("track says nothing of itself");
            }
        }
        return any ? "" : "nothing to stream";
    }

    /** Each kind that there is tells of itself, to what is made for its name. */
    static void report(RankedServices<TrackFactory> factories, Function<String, TrackReport> to) {
        for (String name : factories.kinds()) {
            choices(factories, name).stream().findFirst().ifPresent(best -> {
                try {
                    PluginFault.guard(() -> {
                        best.service().report(to.apply(name));
                        return best;
                    });
                } catch (PluginFault e) {
                    LOG.atWarn().setCause(e).addKeyValue(Keys.PLUGIN, best).log("track says nothing of itself");
                }
            });
        }
    }

    /** Best first; those set aside only when there is nothing else. */
    private static List<ServiceCandidate<TrackFactory>> choices(RankedServices<TrackFactory> factories, String name) {
        List<ServiceCandidate<TrackFactory>> good = factories.choices(name);
        return good.isEmpty() ? factories.lastResorts(name).toList() : good;
    }

    /**
     * Opens one track of each name.
     *
     * @throws StreamException what kept an essential one from being opened; {@link #close} closes the others
     */
    void open() {
        factories.kinds().forEach(this::openBest);
    }

    private @Nullable SessionTrack openBest(String name) {
        StreamException refused = null;
        for (ServiceCandidate<TrackFactory> candidate : choices(factories, name)) {
            SessionTrack track = new SessionTrack(name, candidate, this);
            open.add(track);
            try {
                track.open();
                if (closed) {
                    track.close();
                }
                return track;
            } catch (PluginFault e) {
                open.remove(track);
                track.close();
                blame(track, e);
                if (track.isEssential()) {
                    ErrorCode code = e.code() == null ? HostError.TRACK_FAILED : e.code();
                    refused = new StreamException(code, name + " not opened: " + e.reason(), e);
                }
            }
        }
        if (refused != null) {
            throw refused;
        }
        return null;
    }

    /** What was opened is told what happened so far. */
    private void begin(SessionTrack track) {
        track.begin();
        if (up) {
            track.run(Track::up);
        }
        if (host.peerIsHere()) {
            track.run(Track::peerHere);
        }
    }

    void start() {
        open.forEach(this::begin);
    }

    void up() {
        up = true;
        open.forEach(track -> track.run(Track::up));
    }

    void peerHere() {
        open.forEach(track -> track.run(Track::peerHere));
    }

    void heard() {
        open.forEach(track -> track.run(Track::heard));
    }

    /** Whether any track took the message. */
    boolean message(StreamMessage message) {
        AtomicBoolean taken = new AtomicBoolean();
        open.forEach(track -> track.run(one -> {
            if (one.message(message)) {
                taken.set(true);
            }
        }));
        return taken.get();
    }

    void watch(long nowNanos) {
        open.forEach(track -> track.run(one -> one.watch(nowNanos)));
    }

    /** Each tells of itself, to what is made for its name. */
    void report(Function<String, TrackReport> to) {
        open.forEach(track -> track.run(one -> one.report(to.apply(track.name()))));
    }

    /** A factory went: what it opened is closed, and the next best opened. Takes as long as that. */
    void gone(long serviceId) {
        open.stream().filter(track -> track.from().serviceId() == serviceId).forEach(this::replace);
    }

    /** It threw: it loses its place, on a thread of its own, since this may be any. */
    void failed(SessionTrack track, PluginFault why) {
        blame(track, why);
        Thread.ofVirtual().name("track-replace-" + host.id()).start(() -> replace(track));
    }

    private void blame(SessionTrack track, PluginFault why) {
        LOG.atWarn()
                .setCause(why)
                .addKeyValue(Keys.SESSION, host.id())
                .addKeyValue("track", track.name())
                .log("track failed");
        if (why.code() == null && factories.holds(track.from())) {
            services.failed(track.from(), String.valueOf(why.getMessage()));
        }
    }

    private void replace(SessionTrack old) {
        if (!open.remove(old)) {
            return;
        }
        old.close();
        if (closed) {
            return;
        }
        try {
            SessionTrack fresh = openBest(old.name());
            if (fresh != null) {
                begin(fresh);
            } else if (old.isEssential()) {
                host.end(old.name() + " is gone");
            }
        } catch (StreamException e) {
            host.end(String.valueOf(e.getMessage()));
        }
    }

    /** Closes them, the last opened first. Idempotent. */
    void close() {
        closed = true;
        List<SessionTrack> all = new ArrayList<>(open);
        open.removeAll(all);
        all.reversed().forEach(SessionTrack::close);
    }

    // ---- what one track asks ----

    Host host() {
        return host;
    }

    /** Where what is done with their factories is told. */
    ServiceWatch services() {
        return services;
    }

    void tell(Object fact) {
        synchronized (facts) { // So that nobody hears an older fact after a newer one.
            facts.put(fact.getClass(), fact);
            open.forEach(track -> track.take(fact));
        }
    }

    /** Runs this while no fact is told, with the one of this type that stands. */
    <F> void standing(Class<F> type, Consumer<@Nullable F> what) {
        synchronized (facts) {
            what.accept(type.cast(facts.get(type)));
        }
    }

    Map<String, Long> counters(String name) {
        CounterReport counters = new CounterReport();
        open.stream()
                .filter(track -> track.name().equals(name))
                .forEach(track -> track.run(one -> one.report(counters)));
        return counters.counted();
    }
}
