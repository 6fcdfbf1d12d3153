// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.stream.StreamMessage;
import io.nvremote.stream.StreamPorts;
import io.nvremote.track.TrackReport;
import io.nvremote.tunnel.Tunnel;
import io.nvremote.tunnel.TunnelDatagrams;
import io.nvremote.tunnel.TunnelListener;
import io.nvremote.tunnel.TunnelPort;
import io.nvremote.tunnel.TunnelSpec;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client on this host, from the offer to the end: a tunnel, a control channel, and the tracks that it is composed of. Needs the control
 * plane for nothing in between.
 *
 * <p><b>Threads.</b> Safe for any. What arrives runs on the tunnel's or transport's threads and does not block there.
 */
final class StreamSession implements TunnelListener, SessionTracks.Host, ControlLink.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(StreamSession.class);

    private final SessionId id;
    private final SessionParts parts;
    private final SessionListener listener;
    private final Clock clock = Clock.system();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final SessionTracks tracks;
    private volatile @Nullable Tunnel tunnel;
    private volatile @Nullable ControlLink control;
    private volatile boolean up;
    private volatile long heardNanos = clock.nanos();

    /** Where a session tells what concerns the control plane. Must not block. */
    interface SessionListener {
        void candidates(SessionId id, List<InetSocketAddress> candidates);

        void ended(SessionId id, String reason);
    }

    private StreamSession(SessionId id, SessionParts parts, SessionListener listener) {
        this.id = id;
        this.parts = parts;
        this.listener = listener;
        this.tracks = new SessionTracks(this, parts.tracks(), parts.services());
    }

    /**
     * Opens the tunnel and gets the tracks ready.
     *
     * @throws StreamException what the tunnel or an essential track says; nothing is left open then
     */
    static StreamSession open(TunnelSpec spec, SessionParts parts, SessionListener listener) {
        StreamSession session = new StreamSession(spec.session(), parts, listener);
        try {
            session.connect(spec);
        } catch (RuntimeException e) {
            session.release("not opened");
            throw e;
        }
        session.tracks.start();
        return session;
    }

    private void connect(TunnelSpec spec) {
        Tunnel opened = parts.tunnels().get().open(spec, this);
        tunnel = opened;
        TunnelPort port = opened.bind(StreamPorts.CONTROL, (from, datagram) -> controlArrived(datagram));
        control = new ControlLink(parts.transport().get(), port, this);
        tracks.open();
    }

    @Override
    public SessionId id() {
        return id;
    }

    @Nullable
    Tunnel tunnel() {
        return tunnel;
    }

    boolean hasEnded() {
        return ended.get();
    }

    boolean isUp() {
        return up;
    }

    void peerCandidates(List<InetSocketAddress> candidates) {
        Tunnel to = tunnel;
        if (to != null) {
            to.peerCandidates(candidates);
        }
    }

    /** Each track tells of itself, to what is made for its name; so does the control channel. */
    void report(Function<String, TrackReport> to) {
        ControlLink link = control;
        if (link != null) {
            TrackReport own = to.apply("control");
            own.counter("messages", link.messages());
            own.counter("bad_messages", link.badMessages());
        }
        tracks.report(to);
    }

    /** A track's factory went: what it opened here is closed. Takes as long as that. */
    void trackGone(long serviceId) {
        tracks.gone(serviceId);
    }

    /** Ends the session on a thread of its own: callers may be threads of the tunnel. Idempotent. */
    @Override
    public void end(String reason) {
        if (ended.compareAndSet(false, true)) {
            Thread.ofVirtual().name("stream-end-" + id).start(() -> {
                release(reason);
                listener.ended(id, reason);
            });
        }
    }

    /** Looks for what hangs and for a client that left without a word. For one thread, about twice a second. */
    void watch(long nowNanos) {
        if (ended.get()) {
            return;
        }
        tracks.watch(nowNanos);
        if (nowNanos - heardNanos > parts.silence().toNanos()) {
            end(up ? "the client is silent" : "the client never came");
        }
    }

    // ---- tunnel ----

    @Override
    public void up() {
        if (!up) {
            LOG.atInfo().addKeyValue(Keys.SESSION, id).log("tunnel up");
        }
        up = true;
        heardNanos = clock.nanos();
        tracks.up();
    }

    @Override
    public void candidatesChanged(List<InetSocketAddress> candidates) {
        listener.candidates(id, candidates);
    }

    @Override
    public TunnelPort bind(int port, TunnelDatagrams arrived) {
        return Objects.requireNonNull(tunnel, "tracks open in a tunnel").bind(port, (from, datagram) -> {
            heardNanos = clock.nanos();
            arrived.datagram(from, datagram);
        });
    }

    private void controlArrived(ByteBuffer datagram) {
        heardNanos = clock.nanos();
        tracks.heard();
        ControlLink to = control;
        if (to != null) {
            to.receive(datagram);
        }
    }

    // ---- control channel ----

    @Override
    public void clientHere() {
        tracks.peerHere();
    }

    @Override
    public void heard() {
        tracks.heard();
    }

    @Override
    public boolean message(StreamMessage message) {
        return tracks.message(message);
    }

    @Override
    public void left(String reason) {
        end("the client left: " + reason);
    }

    @Override
    public boolean peerIsHere() {
        ControlLink link = control;
        return link != null && link.clientIsHere();
    }

    @Override
    public void say(StreamMessage message) {
        ControlLink to = control;
        if (to != null && !to.say(message)) {
            end("the control channel is dead");
        }
    }

    private void release(String reason) {
        LOG.atInfo()
                .addKeyValue(Keys.SESSION, id)
                .addKeyValue(Keys.REASON, reason)
                .log("session ends");
        say(new StreamMessage.Bye(reason));
        tracks.close();
        closeQuietly(control);
        closeQuietly(tunnel);
    }

    private void closeQuietly(@Nullable AutoCloseable part) {
        if (part == null) {
            return;
        }
        try {
            part.close();
        } catch (Exception e) {
            LOG.atWarn().setCause(e).addKeyValue(Keys.SESSION, id).log("part of a session did not close");
        }
    }
}
