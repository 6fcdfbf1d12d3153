// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.encode.Encoder;
import io.nvremote.lib.plugins.PluginUser;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.media.Codec;
import io.nvremote.media.Size;
import io.nvremote.stream.StreamMessage;
import io.nvremote.stream.StreamPorts;
import io.nvremote.track.Track;
import io.nvremote.track.TrackReport;
import io.nvremote.track.TrackSession;
import io.nvremote.transport.VideoFeedback;
import io.nvremote.transport.VideoSender;
import io.nvremote.transport.VideoSpec;
import io.nvremote.tunnel.TunnelPort;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pictures of one session: sender, pipeline, and what the client's reports ask of them. A pipeline in which a plugin hangs is given up
 * and another goes on; another codec begins within it, with a key frame.
 *
 * <p><b>Threads.</b> Safe for any. What arrives runs on the tunnel's or transport's threads and does not block there; a virtual thread
 * looks after facts that change.
 */
final class VideoTrack implements Track, PluginUser, VideoPipeline.Host {

    private static final Logger LOG = LoggerFactory.getLogger(VideoTrack.class);
    private static final Duration STOP = Duration.ofSeconds(1);

    private final TrackSession session;
    private final VideoParts parts;
    private final Consumer<VideoTrack> onClose;
    private final Clock clock = Clock.system();
    private final VideoMetrics metrics = new VideoMetrics();
    private final DecodeWatch decodes = new DecodeWatch(encoder -> passOver(encoder), encoder -> undecodable(encoder));
    private final Announcements announcements;
    private final CodecChoice codecs;
    private final TunnelPort port;
    private final VideoSender sender;
    private final Thread side;
    private volatile VideoPipeline run;
    private volatile Bitrate target;
    private volatile Codec codec;
    private volatile String display = "";
    private volatile boolean up;
    private volatile boolean closed;

    /** @param onClose told when it is closed */
    VideoTrack(TrackSession session, VideoParts parts, Consumer<VideoTrack> onClose) {
        StreamPlan plan = parts.plan();
        this.session = session;
        this.parts = parts;
        this.onClose = onClose;
        this.announcements = new Announcements(session, plan);
        this.codec = plan.codec();
        this.codecs = new CodecChoice(codec, parts.encoders());
        this.target = plan.bitrate();
        this.port = session.bind(StreamPorts.VIDEO, (from, datagram) -> arrived(datagram));
        this.run = newRun(); // Before the sender, which may ask for something at once.
        VideoSpec spec =
                new VideoSpec(StreamPorts.VIDEO_SSRC, port.largestDatagramBytes(), plan.rate(), plan.bitrate());
        try {
            this.sender = parts.transport().get().sendVideo(spec, new VideoWay(port), new Feedback());
        } catch (RuntimeException e) {
            run.stop(STOP);
            codecs.close();
            port.close();
            throw e;
        }
        this.side = Thread.ofVirtual().name("video-side-" + session.id()).unstarted(this::besides);
    }

    VideoMetrics metrics() {
        return metrics;
    }

    @Nullable
    ServiceCandidate<Encoder> encoder() {
        return run.stage().inUse();
    }

    @Override
    public boolean uses(long serviceId) {
        return run.uses(serviceId);
    }

    @Override
    public void start() {
        run.start();
        side.start();
    }

    @Override
    public void up() {
        up = true;
        run.go();
    }

    private void arrived(ByteBuffer datagram) {
        VideoSender to = sender;
        if (to != null) { // Null for what arrives while this is made.
            to.receive(datagram);
        }
    }

    // ---- the client ----

    @Override
    public void peerHere() {
        announcements.sayAgain(encoder());
        run.keyFrame();
    }

    @Override
    public boolean message(StreamMessage message) {
        switch (message) {
            case StreamMessage.Hello hello -> codecs.clientDecodes(hello.decoders());
            case StreamMessage.KeyFrameRequest key -> run.keyFrame();
            case StreamMessage.ShowDisplay wanted -> show(wanted.name());
            case StreamMessage.Decoded report ->
                decodes.report(report, encoder(), codec, sender.stats().lossFraction());
            default -> {
                return false;
            }
        }
        return true;
    }

    private void passOver(ServiceCandidate<Encoder> encoder) {
        if (!run.stage().passOver(encoder)) {
            codecs.notDecoded(codec);
        }
    }

    private void undecodable(ServiceCandidate<Encoder> encoder) {
        String reason = "the client could decode none of its pictures";
        metrics.encoderFailed(encoder, reason);
        parts.services().failed(encoder, reason);
    }

    /** What the client's reports ask of the encoder in use, whichever that is. */
    private final class Feedback implements VideoFeedback {
        @Override
        public void keyFrameWanted() {
            run.keyFrame();
        }

        @Override
        public void lost(long firstSequence, long lastSequence) {
            run.lost(firstSequence, lastSequence);
        }

        @Override
        public void targetBitrate(Bitrate bitrate) {
            target = bitrate;
            run.stage().target(bitrate);
        }
    }

    // ---- pipelines ----

    private VideoPipeline newRun() {
        VideoPipeline fresh = new VideoPipeline(
                session.id().toString(),
                parts.with(parts.plan().with(codec).showing(display)),
                metrics,
                unit -> sender.send(unit),
                this);
        fresh.stage().target(target);
        return fresh;
    }

    @Override
    public void watch(long nowNanos) {
        VideoPipeline stuck = run;
        ServiceCandidate<?> overdue = stuck.overdue(nowNanos);
        if (overdue == null || closed || parts.services().isInDevelopment(overdue)) {
            return;
        }
        String reason = "did not return within " + parts.plan().hang();
        metrics.hangs.incrementAndGet();
        if (overdue.equals(stuck.stage().overdue(nowNanos))) {
            metrics.encoderFailed(overdue, reason);
            metrics.swaps.incrementAndGet();
        }
        replace(stuck, () -> parts.services().failed(overdue, reason));
    }

    /** Pictures of another display come from another pipeline, and begin with a key frame; the one before gives its encoder back first. */
    private synchronized void show(String wanted) {
        if (closed || wanted.equals(display) || !announcements.mayShow(wanted)) {
            return;
        }
        display = wanted;
        VideoPipeline old = run;
        VideoPipeline fresh = newRun();
        run = fresh;
        Thread.ofVirtual().name("video-display-" + session.id()).start(() -> {
            stop(old);
            begin(fresh);
        });
    }

    private synchronized void replace(VideoPipeline old, Runnable between) {
        VideoPipeline fresh = newRun();
        run = fresh;
        old.abandon();
        between.run();
        begin(fresh);
    }

    private void begin(VideoPipeline fresh) {
        fresh.start();
        if (up) {
            fresh.go();
        }
    }

    private void besides() {
        Duration interval =
                Duration.ofNanos(Math.max(5_000_000L, parts.plan().rate().intervalNanos()));
        while (!closed) {
            clock.sleep(interval);
            chooseCodec();
            run.stage().codec(codec); // One that was begun meanwhile may have missed it.
            announcements.sayIfOther(encoder());
            run.captures().displays().ifPresent(names -> announcements.displays(display, names));
        }
    }

    /** Another size, other encoders, a client that told what it decodes: the stream may need another codec. */
    private void chooseCodec() {
        Size pictures = announcements.size();
        if (closed || pictures == null || !codecs.isOpen(pictures)) {
            return;
        }
        Optional<Codec> chosen = codecs.choose(pictures);
        announcements.codec(chosen.isPresent() ? StreamMessage.Trouble.NONE : codecs.trouble(pictures));
        if (chosen.isEmpty() || chosen.get().equals(codec)) {
            return;
        }
        codec = chosen.get();
        announcements.codec(codec);
        LOG.atInfo()
                .addKeyValue(Keys.SESSION, session.id())
                .addKeyValue("codec", codec)
                .log("codec chosen");
        run.stage().codec(codec);
        run.keyFrame();
    }

    private void stop(VideoPipeline old) {
        if (!old.stop(STOP)) {
            old.abandon();
            LOG.atWarn().addKeyValue(Keys.SESSION, session.id()).log("stream thread did not stop");
        }
    }

    @Override
    public void streaming(String source, Size pictures) {
        announcements.streaming(source, pictures, encoder());
        session.tell(new Screen(source, display, () -> run.captures().cursor()));
    }

    @Override
    public void dark() {
        session.tell(Screen.DARK);
    }

    @Override
    public void trouble(StreamMessage.Trouble now) {
        announcements.trouble(now);
    }

    @Override
    public void notEncoded(Codec asked) {
        codecs.notEncoded(asked);
    }

    @Override
    public Duration pause() {
        return sender.pause();
    }

    @Override
    public void ended(String reason) {
        session.end(reason);
    }

    @Override
    public void report(TrackReport to) {
        metrics.report(to, sender.stats());
        ServiceCandidate<Encoder> encoder = encoder();
        announcements.report(to);
        to.fact("codec", codec.name());
        to.fact("encoder", encoder == null ? null : encoder.name());
        to.fact("encoder_version", encoder == null ? null : encoder.version());
    }

    @Override
    public void close() {
        closed = true;
        side.interrupt();
        codecs.close();
        stop(run);
        sender.close();
        port.close();
        onClose.accept(this);
    }
}
