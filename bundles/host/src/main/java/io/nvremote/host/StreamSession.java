// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.capture.Cursor;
import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.encode.Encoder;
import io.nvremote.lib.process.ProcessMetrics;
import io.nvremote.media.Codec;
import io.nvremote.media.Size;
import io.nvremote.stream.StreamMessage;
import io.nvremote.stream.StreamMessages;
import io.nvremote.stream.StreamPorts;
import io.nvremote.transport.ControlChannel;
import io.nvremote.transport.SenderStats;
import io.nvremote.transport.VideoFeedback;
import io.nvremote.transport.VideoSender;
import io.nvremote.transport.VideoSpec;
import io.nvremote.tunnel.Tunnel;
import io.nvremote.tunnel.TunnelListener;
import io.nvremote.tunnel.TunnelPort;
import io.nvremote.tunnel.TunnelSpec;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client on this host: tunnel, video sender, control channel and the run of the pipeline, from the offer to the end. Needs the
 * control plane for nothing in between.
 *
 * <p><b>Threads.</b> Safe for any. What arrives runs on the tunnel's or transport's threads and does not block there.
 */
final class StreamSession implements TunnelListener, VideoPipeline.Host {

    private static final Logger LOG = LoggerFactory.getLogger(StreamSession.class);
    private static final Duration STOP = Duration.ofSeconds(1);
    private static final long SECOND = 1_000_000_000L;

    private final SessionId id;
    private final SessionParts parts;
    private final SessionListener told;
    private final Clock clock = Clock.system();
    private final StreamMetrics figures = new StreamMetrics();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final ControlHandler desk;
    private final DecodeWatch decodes = new DecodeWatch(encoder -> passOver(encoder), encoder -> undecodable(encoder));
    private final Thread side;
    private final Runnable unlisten;

    private volatile VideoPipeline run;
    private volatile @Nullable Tunnel tunnel;
    private volatile @Nullable VideoSender video;
    private volatile @Nullable ControlChannel control;
    private volatile Bitrate target;
    private volatile boolean up;
    private volatile long heardNanos = clock.nanos();
    private volatile String capture = "";
    private volatile @Nullable Size size;
    private volatile @Nullable ServiceCandidate<Encoder> announced;
    private final CodecChoice codecs;
    private volatile Codec codec;
    private volatile @Nullable Size chosenFor;
    private volatile StreamMessage.Trouble codecTrouble = StreamMessage.Trouble.NONE;
    private volatile StreamMessage.Trouble trouble = StreamMessage.Trouble.NONE;

    /** Where a session tells what concerns the control plane. Must not block. */
    interface SessionListener {
        void candidates(SessionId id, List<InetSocketAddress> candidates);

        void ended(SessionId id, String reason);
    }

    private StreamSession(SessionId id, SessionParts parts, SessionListener told) {
        this.id = id;
        this.parts = parts;
        this.told = told;
        this.desk = new ControlHandler(parts, figures, this::say, this::act);
        this.codec = parts.plan().codec();
        this.codecs = new CodecChoice(codec, parts.encoders());
        this.target = parts.plan().bitrate();
        this.run = newRun();
        this.side = Thread.ofPlatform().daemon().name("stream-side-" + id).unstarted(this::besides);
        this.unlisten = parts.encoders().onChange(() -> run.stage().reconsider());
    }

    /**
     * Opens the tunnel and gets the pipeline ready.
     *
     * @throws StreamException what the tunnel or the transport says; nothing is left open then
     */
    static StreamSession open(TunnelSpec spec, SessionParts parts, SessionListener told) {
        StreamSession session = new StreamSession(spec.session(), parts, told);
        try {
            session.connect(spec);
        } catch (RuntimeException e) {
            session.release("not opened");
            throw e;
        }
        session.run.start();
        session.side.start();
        return session;
    }

    private void connect(TunnelSpec spec) {
        StreamPlan plan = parts.plan();
        Tunnel opened = parts.tunnels().open(spec, this);
        tunnel = opened;
        TunnelPort videoPort = opened.bind(StreamPorts.VIDEO, (port, datagram) -> videoArrived(datagram));
        VideoSpec videoSpec =
                new VideoSpec(StreamPorts.VIDEO_SSRC, videoPort.largestDatagramBytes(), plan.rate(), plan.bitrate());
        video = parts.transport().sendVideo(videoSpec, new VideoWay(videoPort), new Feedback());
        TunnelPort controlPort = opened.bind(StreamPorts.CONTROL, (port, datagram) -> controlArrived(datagram));
        control = parts.transport().control(d -> controlPort.send(StreamPorts.CONTROL, d), desk::message);
    }

    SessionId id() {
        return id;
    }

    StreamMetrics figures() {
        return figures;
    }

    @Nullable
    Tunnel tunnel() {
        return tunnel;
    }

    @Nullable
    SenderStats senderStats() {
        VideoSender sender = video;
        return sender == null ? null : sender.stats();
    }

    @Nullable
    ServiceCandidate<Encoder> encoder() {
        return run.stage().inUse();
    }

    String capture() {
        return capture;
    }

    @Nullable
    Size size() {
        return size;
    }

    boolean hasEnded() {
        return ended.get();
    }

    boolean isUp() {
        return up;
    }

    /** Whether the encoder, source or sink is in use here, or soon will be. */
    boolean uses(long serviceId) {
        return run.uses(serviceId) || desk.uses(serviceId);
    }

    void peerCandidates(List<InetSocketAddress> candidates) {
        Tunnel to = tunnel;
        if (to != null) {
            to.peerCandidates(candidates);
        }
    }

    /** Ends the session on a thread of its own: callers may be threads of the tunnel. Idempotent. */
    void end(String reason) {
        if (ended.compareAndSet(false, true)) {
            Thread.ofVirtual().name("stream-end-" + id).start(() -> {
                release(reason);
                told.ended(id, reason);
            });
        }
    }

    /** Looks for a plugin that hangs and for a client that left without a word. For one thread, about twice a second. */
    void watch(long nowNanos) {
        if (ended.get()) {
            return;
        }
        VideoPipeline now = run;
        ServiceCandidate<?> overdue = now.overdue(nowNanos);
        if (overdue != null) {
            abandon(now, overdue, nowNanos);
        }
        desk.watch(nowNanos);
        if (nowNanos - heardNanos > parts.plan().silence().toNanos()) {
            end(up ? "the client is silent" : "the client never came");
        }
    }

    private void abandon(VideoPipeline stuck, ServiceCandidate<?> overdue, long nowNanos) {
        VideoPipeline fresh = newRun();
        run = fresh;
        String reason = "did not return within " + parts.plan().hang();
        figures.hangs.incrementAndGet();
        if (overdue.equals(stuck.stage().overdue(nowNanos))) {
            figures.encoderFailed(overdue, reason);
            figures.swaps.incrementAndGet();
        }
        stuck.abandon();
        parts.services().failed(overdue, reason);
        fresh.start();
        if (up) {
            fresh.go();
        }
    }

    private VideoPipeline newRun() {
        VideoPipeline fresh = new VideoPipeline(
                id.toString(),
                parts.with(parts.plan().with(codec)),
                figures,
                unit -> {
                    VideoSender sender = video;
                    if (sender != null) {
                        sender.send(unit);
                    }
                },
                this);
        fresh.stage().target(target);
        return fresh;
    }

    /** What the client's reports ask of the encoder in use, whichever that is. */
    private final class Feedback implements VideoFeedback {
        @Override
        public void keyFrameWanted() {
            run.keyFrame();
        }

        @Override
        public void targetBitrate(Bitrate bitrate) {
            target = bitrate;
            run.stage().target(bitrate);
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
        run.go();
    }

    @Override
    public void candidatesChanged(List<InetSocketAddress> candidates) {
        told.candidates(id, candidates);
    }

    private void videoArrived(ByteBuffer datagram) {
        heardNanos = clock.nanos();
        VideoSender to = video;
        if (to != null) {
            to.receive(datagram);
        }
    }

    private void controlArrived(ByteBuffer datagram) {
        heardNanos = clock.nanos();
        desk.heard();
        ControlChannel to = control;
        if (to != null) {
            to.receive(datagram);
        }
    }

    // ---- pipeline ----

    @Override
    public void streaming(String source, Size pictures) {
        capture = source;
        size = pictures;
        desk.source(source);
        announce();
    }

    @Override
    public void dark() {
        desk.source("");
    }

    @Override
    public void trouble(StreamMessage.Trouble now) {
        StreamMessage.Trouble heaviest = now.code().isEmpty() ? codecTrouble : now;
        if (!heaviest.equals(trouble)) {
            trouble = heaviest;
            say(heaviest);
        }
    }

    @Override
    public Duration pause() {
        VideoSender sender = video;
        return sender == null ? Duration.ZERO : sender.pause();
    }

    @Override
    public void ended(String reason) {
        end(reason);
    }

    // ---- control channel ----

    private void act(ControlHandler.Request request) {
        switch (request) {
            case ControlHandler.Request.ClientHere here -> {
                announce();
                say(trouble);
                run.keyFrame();
            }
            case ControlHandler.Request.Decodes hello -> {
                codecs.clientDecodes(hello.decoders());
                chosenFor = null;
            }
            case ControlHandler.Request.KeyFrame key -> run.keyFrame();
            case ControlHandler.Request.Judged judged -> judge(judged.report());
            case ControlHandler.Request.Left left -> end("the client left: " + left.reason());
        }
    }

    /** Messages come one at a time, so that the watch needs no lock. */
    private void judge(StreamMessage.Decoded report) {
        SenderStats stats = senderStats();
        decodes.report(report, encoder(), stats == null ? 0 : stats.lossFraction());
    }

    private void passOver(ServiceCandidate<Encoder> encoder) {
        run.stage().passOver(encoder);
    }

    private void undecodable(ServiceCandidate<Encoder> encoder) {
        String reason = "the client could decode none of its pictures";
        figures.encoderFailed(encoder, reason);
        parts.services().failed(encoder, reason);
    }

    private void say(StreamMessage message) {
        ControlChannel to = control;
        if (to != null && desk.clientIsHere() && !to.send(StreamMessages.write(message))) {
            end("the control channel is dead");
        }
    }

    private void announce() {
        Size pictures = size;
        if (pictures == null) {
            return;
        }
        ServiceCandidate<Encoder> encoder = encoder();
        announced = encoder;
        StreamPlan plan = parts.plan();
        say(new StreamMessage.StreamInfo(
                codec.name(),
                pictures.width(),
                pictures.height(),
                plan.rate().perSecond(),
                capture,
                encoder == null ? "" : encoder.name(),
                encoder == null ? "" : encoder.version()));
    }

    /** What goes beside the pictures: the pointer at the stream's rate, facts that changed, figures once a second. */
    private void besides() {
        CursorFeed cursors = new CursorFeed();
        Duration interval =
                Duration.ofNanos(Math.max(5_000_000L, parts.plan().rate().intervalNanos()));
        long statsNanos = clock.nanos();
        boolean knew = false;
        while (!ended.get()) {
            clock.sleep(interval);
            boolean here = desk.clientIsHere();
            chooseCodec();
            if (here && !knew) {
                cursors.forget();
            }
            knew = here;
            Cursor cursor = here ? run.cursor() : null;
            if (cursor != null) {
                cursors.take(cursor, this::say);
            }
            if (here && !Objects.equals(announced, encoder())) {
                announce();
            }
            if (here && clock.nanos() - statsNanos >= SECOND) {
                statsNanos = clock.nanos();
                say(figures.stats(ProcessMetrics.now()));
            }
        }
    }

    /** Another size, or a client that told what it decodes: the stream may need another codec, and then begins anew with it. */
    private void chooseCodec() {
        Size pictures = size;
        if (pictures == null || pictures.equals(chosenFor)) {
            return;
        }
        chosenFor = pictures;
        Optional<Codec> chosen = codecs.choose(pictures);
        codecTrouble = chosen.isPresent() ? StreamMessage.Trouble.NONE : codecs.trouble(pictures);
        if (trouble.code().isEmpty() || trouble.code().equals(HostError.NO_COMMON_CODEC.name())) {
            trouble(StreamMessage.Trouble.NONE);
        }
        if (chosen.isEmpty() || chosen.get().equals(codec)) {
            return;
        }
        codec = chosen.get();
        LOG.atInfo().addKeyValue(Keys.SESSION, id).addKeyValue("codec", codec).log("codec chosen");
        VideoPipeline before = run;
        run = newRun();
        if (!before.stop(STOP)) {
            before.abandon();
        }
        run.start();
        if (up) {
            run.go();
        }
    }

    private void release(String reason) {
        unlisten.run();
        LOG.atInfo()
                .addKeyValue(Keys.SESSION, id)
                .addKeyValue(Keys.REASON, reason)
                .log("session ends");
        say(new StreamMessage.Bye(reason));
        if (!run.stop(STOP)) {
            run.abandon();
            LOG.atWarn().addKeyValue(Keys.SESSION, id).log("stream thread did not stop");
        }
        side.interrupt();
        desk.close();
        for (AutoCloseable part : new @Nullable AutoCloseable[] {video, control, tunnel}) {
            closeQuietly(part);
        }
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
