// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.Clock;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.lib.services.PluginCalls;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.stream.StreamMessage;
import io.nvremote.tunnel.Tunnel;
import io.nvremote.viewer.ControlLink;
import io.nvremote.viewer.StreamView;
import io.nvremote.viewer.ViewerTrack;
import io.nvremote.viewer.ViewerTrackFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The tracks of one session over an open tunnel: one of each name, from the best factory that is here. A better one is opened
 * beside the one in use and takes over with its start; then the old one is closed. What a track throws costs that track, and so
 * does a call that does not return in time.
 * Knows no track by name. Safe for any thread.
 */
final class SessionTracks implements AutoCloseable {

    /** Less than the silence that a person is told of. */
    private static final Duration CALL_LIMIT = Duration.ofMillis(2500);

    private final SessionId id;
    private final RankedServices<ViewerTrackFactory> services;
    private final Clock clock;
    private final StreamView view;
    private final SessionPorts ports;
    private final PluginCalls calls;
    private final TrackFactories factories;
    /** In the order of opening. */
    private final List<SessionTrack> open = new CopyOnWriteArrayList<>();

    private final AtomicLong heardNanos;
    private final AtomicReference<@Nullable String> left = new AtomicReference<>();
    private final Runnable unlisten;
    /** What was received before all tracks had begun. */
    private final List<StreamMessage> early = new ArrayList<>();

    private boolean begun;
    private volatile boolean closed;

    SessionTracks(
            SessionId id, Tunnel tunnel, RankedServices<ViewerTrackFactory> services, Clock clock, StreamView view) {
        this.id = id;
        this.services = services;
        this.clock = clock;
        this.view = view;
        this.ports = new SessionPorts(tunnel);
        this.calls = new PluginCalls("track-" + id, CALL_LIMIT);
        this.factories = new TrackFactories(services, calls);
        this.heardNanos = new AtomicLong(clock.nanos());
        this.unlisten = services.onChange(this::reconsiderLater);
    }

    /**
     * Opens one track of each name, then starts them all.
     *
     * @throws StreamException what kept an essential one from being opened
     */
    synchronized void open() {
        factories.names().forEach(name -> fill(name, null));
        open.forEach(SessionTrack::begin);
        for (List<StreamMessage> held = held(); !held.isEmpty(); held = held()) {
            held.forEach(this::deliver);
        }
    }

    /** What came while the tracks began; from the first time that there is nothing, all that comes is delivered at once. */
    private List<StreamMessage> held() {
        synchronized (early) {
            List<StreamMessage> held = List.copyOf(early);
            early.clear();
            begun = held.isEmpty();
            return held;
        }
    }

    /**
     * Opens the best of that name that opens.
     *
     * @param inUse nothing below this one is tried
     * @return null if none does
     */
    private @Nullable SessionTrack fill(String name, @Nullable ServiceCandidate<ViewerTrackFactory> inUse) {
        StreamException essential = null;
        for (var best = factories.best(name); best.isPresent(); best = factories.best(name)) {
            if (best.get().equals(inUse)) {
                return null;
            }
            SessionTrack track = new SessionTrack(name, best.get(), this);
            try {
                track.open();
                open.add(track);
                return track;
            } catch (StreamException e) {
                factories.refuse(best.get());
                essential = factories.essential(best.get()) ? e : essential;
            }
        }
        if (essential != null) {
            throw essential;
        }
        return null;
    }

    // ---- coming and going ----

    /** On a thread of its own: this may be the framework's. */
    private void reconsiderLater() {
        Thread.ofVirtual().name("tracks-" + id).start(this::reconsider);
    }

    /** Makes the tracks what they should be, now that other factories are here. */
    private synchronized void reconsider() {
        try {
            for (SessionTrack track : open) {
                if (!closed && factories.outdone(track.name(), track.from())) {
                    replace(track);
                }
            }
            for (String name : services.kinds()) {
                if (!closed && open.stream().noneMatch(track -> track.name().equals(name))) {
                    SessionTrack fresh = fill(name, null);
                    if (fresh != null) {
                        fresh.begin();
                    }
                }
            }
        } catch (StreamException e) {
            left(String.valueOf(e.getMessage()));
        }
    }

    /** The next one is opened beside the old one; its start is the cut. */
    private void replace(SessionTrack old) {
        boolean essential = factories.essential(old.from());
        SessionTrack fresh = factories.replaceable(old.from()) ? fill(old.name(), old.from()) : null;
        if (fresh != null) {
            fresh.begin();
        } else if (!factories.outdone(old.name(), old.from())) {
            return; // What was better did not open.
        } else if (essential) {
            left("the part " + old.name() + " of the client is gone");
        }
        if (open.remove(old)) {
            old.close();
        }
    }

    /** It threw: another takes its place, or the session goes on without it. */
    void failed(SessionTrack track) {
        if (factories.refuse(track.from())) {
            reconsiderLater();
        }
    }

    // ---- what the session asks ----

    /** Whether the session may be shown. */
    boolean ready() {
        return !open.isEmpty() && open.stream().allMatch(track -> Boolean.TRUE.equals(track.call(ViewerTrack::ready)));
    }

    void tick() {
        open.forEach(track -> track.call(one -> {
            one.tick();
            return true;
        }));
    }

    <P> Optional<P> part(Class<P> kind) {
        for (SessionTrack track : open) {
            Optional<P> found = track.part(kind);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    Map<String, Map<String, Long>> counters() {
        Map<String, Map<String, Long>> all = new TreeMap<>();
        for (SessionTrack track : open) {
            Map<String, Long> counted = track.call(one -> Map.copyOf(one.counters()));
            if (counted != null) {
                all.put(track.name(), counted);
            }
        }
        return all;
    }

    /** Why the host left; null while it has not. */
    @Nullable
    String bye() {
        return left.get();
    }

    /** How long nothing was heard of the host. */
    Duration silence() {
        return Duration.ofNanos(clock.nanos() - heardNanos.get());
    }

    // ---- what a track asks ----

    SessionId id() {
        return id;
    }

    StreamView view() {
        return view;
    }

    PluginCalls calls() {
        return calls;
    }

    SessionPorts ports() {
        return ports;
    }

    void say(StreamMessage message) {
        part(ControlLink.class).ifPresent(link -> link.say(message));
    }

    void heard() {
        heardNanos.set(clock.nanos());
    }

    /** Waits until all tracks have begun: the host tells some things once, as soon as it hears the first of them. */
    void received(StreamMessage message) {
        synchronized (early) {
            if (!begun) {
                early.add(message);
                return;
            }
        }
        deliver(message);
    }

    private void deliver(StreamMessage message) {
        open.forEach(track -> track.call(one -> {
            one.message(message);
            return true;
        }));
    }

    void left(String reason) {
        left.compareAndSet(null, reason);
    }

    /** Closes them, the last opened first; the tunnel stays the owner's. Idempotent. */
    @Override
    public void close() {
        unlisten.run();
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            List<SessionTrack> all = new ArrayList<>(open);
            all.reversed().forEach(track -> {
                track.close();
                open.remove(track);
            });
        }
        view.ended();
    }
}
