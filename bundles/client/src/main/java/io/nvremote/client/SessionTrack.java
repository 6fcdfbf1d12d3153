// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.Keys;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.lib.services.PluginFault;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.stream.StreamMessage;
import io.nvremote.tunnel.TunnelDatagrams;
import io.nvremote.tunnel.TunnelPort;
import io.nvremote.viewer.StreamView;
import io.nvremote.viewer.TrackContext;
import io.nvremote.viewer.ViewerError;
import io.nvremote.viewer.ViewerTrack;
import io.nvremote.viewer.ViewerTrackFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One track of a session, whose code may be a plugin's, and the session as it sees it. Safe for any thread. */
final class SessionTrack implements TrackContext {

    private static final Logger LOG = LoggerFactory.getLogger(SessionTrack.class);

    private final String name;
    private final ServiceCandidate<ViewerTrackFactory> from;
    private final SessionTracks session;
    private final List<SessionPorts.Port> ports = new CopyOnWriteArrayList<>();
    private volatile @Nullable ViewerTrack track;
    private final Map<Class<?>, Optional<?>> parts = new ConcurrentHashMap<>();
    private volatile boolean begun;
    /** It threw or hung: nothing is asked of it any more. */
    private volatile boolean failed;

    private volatile boolean closed;

    SessionTrack(String name, ServiceCandidate<ViewerTrackFactory> from, SessionTracks session) {
        this.name = name;
        this.from = from;
        this.session = session;
    }

    String name() {
        return name;
    }

    ServiceCandidate<ViewerTrackFactory> from() {
        return from;
    }

    /** @throws StreamException what kept it from being opened; nothing is left open then */
    void open() {
        try {
            session.calls().make(() -> {
                @Nullable ViewerTrack made = from.service().open(this);
                if (made == null) {
                    throw PluginFault.of("opened nothing");
                }
                track = made;
                if (closed) {
                    shut(made); // Too late: given up already.
                }
                return made;
            });
        } catch (PluginFault e) {
            close();
            throw new StreamException(
                    e.code() == null ? ViewerError.TRACK_FAILED : e.code(),
                    e.code() == null ? "the track " + name + " did not open" : e.reason(),
                    e);
        }
    }

    /** It is the one of its name from now on. */
    void begin() {
        begun = true;
        resume();
        call(one -> {
            one.start();
            return true;
        });
    }

    /** What arrives comes here, again if another had it meanwhile. */
    void resume() {
        ports.forEach(SessionPorts.Port::take);
    }

    /** What it answers; null where it has not begun, is closed, or threw or hung, which costs it its place. */
    <T> @Nullable T call(Function<ViewerTrack, T> work) {
        ViewerTrack one = track;
        if (one == null || !begun || closed || failed) {
            return null;
        }
        try {
            return session.calls().make(() -> work.apply(one));
        } catch (PluginFault e) {
            fail(e);
            return null;
        }
    }

    private void fail(PluginFault why) {
        failed = true;
        if (!closed) {
            warn(why, "track failed");
            session.failed(this);
        }
    }

    private void warn(PluginFault why, String what) {
        LOG.atWarn()
                .setCause(why)
                .addKeyValue(Keys.SESSION, session())
                .addKeyValue("track", name)
                .log(what);
    }

    /** What it offers of that kind; asked once, since views ask with each key. */
    <P> Optional<P> part(Class<P> kind) {
        if (!begun || closed || failed) {
            return Optional.empty();
        }
        Optional<?> known = parts.get(kind);
        if (known == null) {
            Optional<P> told = call(one -> Objects.requireNonNull(one.part(kind), "its parts"));
            if (told == null) {
                return Optional.empty();
            }
            known = told;
            parts.put(kind, told);
        }
        return known.map(kind::cast);
    }

    void close() {
        closed = true;
        ViewerTrack one = track;
        track = null;
        if (one != null) {
            shut(one);
        }
        ports.forEach(SessionPorts.Port::close);
    }

    private void shut(ViewerTrack one) {
        try {
            session.calls().make(() -> {
                one.close();
                return one;
            });
        } catch (PluginFault e) {
            warn(e, "track did not close");
        }
    }

    // ---- the session ----

    @Override
    public SessionId session() {
        return session.id();
    }

    @Override
    public StreamView view() {
        return session.view();
    }

    @Override
    public TunnelPort bind(int port, TunnelDatagrams arrived) {
        SessionPorts.Port bound = session.ports().bind(port, (from, datagram) -> guarded(arrived, from, datagram));
        ports.add(bound);
        if (closed) {
            bound.close(); // It opened too late.
        } else if (begun) {
            bound.take();
        }
        return bound;
    }

    /** On the tunnel's thread: what the track throws is not the tunnel's. */
    private void guarded(TunnelDatagrams arrived, int from, ByteBuffer datagram) {
        if (failed) {
            return;
        }
        try {
            PluginFault.guard(() -> {
                arrived.datagram(from, datagram);
                return this;
            });
        } catch (PluginFault e) {
            fail(e);
        }
    }

    @Override
    public void say(StreamMessage message) {
        session.say(message);
    }

    @Override
    public void heard() {
        session.heard();
    }

    @Override
    public Duration silence() {
        return session.silence();
    }

    @Override
    public void received(StreamMessage message) {
        session.received(message);
    }

    @Override
    public void left(String reason) {
        session.left(reason);
    }
}
