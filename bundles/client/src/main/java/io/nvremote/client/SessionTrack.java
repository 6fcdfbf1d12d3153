// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.Keys;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.stream.StreamMessage;
import io.nvremote.tunnel.TunnelDatagrams;
import io.nvremote.tunnel.TunnelPort;
import io.nvremote.viewer.StreamView;
import io.nvremote.viewer.TrackContext;
import io.nvremote.viewer.ViewerError;
import io.nvremote.viewer.ViewerTrack;
import io.nvremote.viewer.ViewerTrackFactory;
import java.time.Duration;
import java.util.List;
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
    private volatile boolean begun;

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
            track = from.service().open(this);
        } catch (StreamException e) {
            close();
            throw e;
        } catch (RuntimeException | LinkageError e) {
            close();
            throw new StreamException(ViewerError.TRACK_FAILED, "the track " + name + " did not open", e);
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

    /** What it answers; null where it has not begun, is closed, or threw, which costs it its place. */
    <T> @Nullable T call(Function<ViewerTrack, T> work) {
        ViewerTrack one = track;
        if (one == null || !begun) {
            return null;
        }
        try {
            return work.apply(one);
        } catch (RuntimeException | LinkageError e) {
            LOG.atWarn()
                    .setCause(e)
                    .addKeyValue(Keys.SESSION, session())
                    .addKeyValue("track", name)
                    .log("track failed");
            session.failed(this);
            return null;
        }
    }

    void close() {
        ViewerTrack one = track;
        track = null;
        try {
            if (one != null) {
                one.close();
            }
        } catch (RuntimeException | LinkageError e) {
            LOG.atWarn()
                    .setCause(e)
                    .addKeyValue(Keys.SESSION, session())
                    .addKeyValue("track", name)
                    .log("track did not close");
        }
        ports.forEach(SessionPorts.Port::close);
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
        SessionPorts.Port bound = session.ports().bind(port, arrived);
        ports.add(bound);
        if (begun) {
            bound.take();
        }
        return bound;
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
