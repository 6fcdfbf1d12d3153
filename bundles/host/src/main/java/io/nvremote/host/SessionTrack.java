// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.SessionId;
import io.nvremote.lib.plugins.OpenPlugin;
import io.nvremote.lib.services.PluginFault;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.stream.StreamMessage;
import io.nvremote.track.Track;
import io.nvremote.track.TrackFactory;
import io.nvremote.track.TrackSession;
import io.nvremote.tunnel.TunnelDatagrams;
import io.nvremote.tunnel.TunnelPort;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** One track of a session, whose code may be a plugin's, and the session as it sees it. Safe for any thread. */
final class SessionTrack extends OpenPlugin<TrackFactory, Track> implements TrackSession {

    private record Hearing<F>(Class<F> type, Consumer<F> listener) {
        void take(Object fact) {
            if (type.isInstance(fact)) {
                listener.accept(type.cast(fact));
            }
        }
    }

    private final String name;
    private final SessionTracks session;
    private final List<Hearing<?>> hearings = new CopyOnWriteArrayList<>();
    private volatile boolean essential;
    private volatile boolean begun;

    SessionTrack(String name, ServiceCandidate<TrackFactory> from, SessionTracks session) {
        super(from, session.services());
        this.name = name;
        this.session = session;
    }

    String name() {
        return name;
    }

    boolean isEssential() {
        return essential;
    }

    /** Throws {@link PluginFault} with whatever the factory threw. */
    void open() {
        openBy(factory -> {
            essential = factory.essential();
            return factory.open(this);
        });
    }

    void begin() {
        begun = true;
        run(Track::start);
    }

    /** Nothing before it has begun or after it was closed. What it throws costs it its place. */
    void run(Consumer<Track> work) {
        if (begun) {
            guard(() -> work.accept(opened()));
        }
    }

    /** A fact that another track told. */
    void take(Object fact) {
        guard(() -> hearings.forEach(hearing -> hearing.take(fact)));
    }

    private void guard(Runnable work) {
        try {
            PluginFault.guard(() -> {
                work.run();
                return this;
            });
        } catch (PluginFault e) {
            session.failed(this, e);
        }
    }

    void close() {
        begun = false;
        hearings.clear();
        closeQuietly();
    }

    // ---- the session ----

    @Override
    public SessionId id() {
        return session.host().id();
    }

    @Override
    public TunnelPort bind(int port, TunnelDatagrams arrived) {
        return session.host().bind(port, arrived);
    }

    @Override
    public void say(StreamMessage message) {
        session.host().say(message);
    }

    @Override
    public boolean peerIsHere() {
        return session.host().peerIsHere();
    }

    @Override
    public void tell(Object fact) {
        session.tell(fact);
    }

    @Override
    public <F> void hear(Class<F> type, Consumer<F> listener) {
        session.standing(type, stands -> {
            hearings.add(new Hearing<>(type, listener));
            if (stands != null) {
                listener.accept(stands);
            }
        });
    }

    @Override
    public Map<String, Long> counters(String track) {
        return session.counters(track);
    }

    @Override
    public void end(String reason) {
        session.host().end(reason);
    }
}
