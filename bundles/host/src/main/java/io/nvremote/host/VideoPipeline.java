// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.capture.CaptureSession.Grab;
import io.nvremote.core.Clock;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.AccessUnitSink;
import io.nvremote.media.Codec;
import io.nvremote.media.Frame;
import io.nvremote.media.Size;
import io.nvremote.stream.StreamMessage.Trouble;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pipeline of one stream on its thread {@code stream-<id>}:
 *
 * <pre>
 *   capture.grab ──frame──▶ encode ──access unit──▶ send
 *      captured              encoded, swaps          sent, bytes, keyFrames
 * </pre>
 *
 * <p>It goes on as long as its session does: without a source or an encoder it tells why and tries again.
 *
 * <p>When an encoder or a source hangs, the run is given up as it stands, thread and all, and the session starts another; what the lost run
 * may still produce is thrown away.
 *
 * <p><b>Threads.</b> Safe for any; the three steps run on the run's own thread.
 */
final class VideoPipeline {

    /** What a run needs of its track. */
    interface Host {
        /** Pictures of this size are coming, from this source. */
        void streaming(String capture, Size size);

        /** No source delivers pictures any more, until {@link #streaming} is told again. */
        void dark();

        /** Why no new pictures come; {@link Trouble#NONE} when they do. Told with each picture. */
        void trouble(Trouble now);

        /** No encoder here makes this of a picture that came. */
        void notEncoded(Codec codec);

        /** How long the path needs before it can take another picture; zero: none. */
        Duration pause();

        /** The run can't go on. */
        void ended(String reason);
    }

    private static final Logger LOG = LoggerFactory.getLogger(VideoPipeline.class);
    private static final Duration CAPTURE_PAUSE = Duration.ofMillis(250);
    /** A run looks after its plugins so often, however long the path needs. */
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(20);

    private static final Duration IDLE = Duration.ofMillis(50);

    private final VideoMetrics metrics;
    private final AccessUnitSink out;
    private final Host host;
    private final CaptureStage captures;
    private final EncodeStage stage;
    private final Thread thread;
    private final Clock clock = Clock.system();
    private final CountDownLatch go = new CountDownLatch(1);
    private final ReentrantLock sending = new ReentrantLock();
    private final Duration grabTimeout;
    private @Nullable Size announced;
    private final RestingPicture rest;
    private volatile boolean stopped;

    VideoPipeline(String name, VideoParts parts, VideoMetrics metrics, AccessUnitSink out, Host host) {
        StreamPlan plan = parts.plan();
        this.rest = new RestingPicture(plan.rate(), plan.bitrate(), clock.nanos());
        this.metrics = metrics;
        this.out = out;
        this.host = host;
        this.captures = new CaptureStage(parts.captures(), plan, parts.services());
        this.stage = new EncodeStage(parts.encoders(), plan, metrics, this::send, parts.services());
        this.grabTimeout =
                Duration.ofNanos(Math.min(50_000_000L, 2 * plan.rate().intervalNanos()));
        this.thread = Thread.ofPlatform().daemon().name("stream-" + name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** The client is there: pictures may flow. Before that the run only gets ready. */
    void go() {
        go.countDown();
    }

    EncodeStage stage() {
        return stage;
    }

    /** Whether this encoder or source is in use here, or soon will be. */
    boolean uses(long serviceId) {
        return stage.uses(serviceId) || captures.uses(serviceId);
    }

    /** The encoder or source that has not returned in the time it has; null if none is overdue. */
    @Nullable
    ServiceCandidate<?> overdue(long nowNanos) {
        ServiceCandidate<?> encoder = stage.overdue(nowNanos);
        return encoder == null ? captures.overdue(nowNanos) : encoder;
    }

    CaptureStage captures() {
        return captures;
    }

    /** The client has lost these units for good. */
    void lost(long firstSequence, long lastSequence) {
        stage.lost(firstSequence, lastSequence);
    }

    /** The next picture is sent soon, even of a screen at rest, and can be decoded on its own. */
    void keyFrame() {
        stage.wantKeyFrame();
        captures.refresh();
    }

    /** Ends the run. Waits for its thread, at most so long; true if it is gone. */
    boolean stop(Duration limit) {
        stopped = true;
        go.countDown();
        if (thread.getState() == Thread.State.NEW) {
            captures.close();
            stage.close();
            return true;
        }
        thread.interrupt();
        try {
            return thread.join(limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Gives the run up though its thread may never return: nothing of it is sent from here on. */
    void abandon() {
        stopped = true;
        sending.lock();
        try {
            go.countDown();
        } finally {
            sending.unlock();
        }
        thread.interrupt();
        // What is not stuck gives its device back; what is blocks a thread that nobody waits for.
        Thread.ofPlatform().daemon().name("stream-left-encoder").start(stage::close);
        Thread.ofPlatform().daemon().name("stream-left-capture").start(captures::close);
    }

    private void run() {
        try {
            while (!stopped) {
                stream();
                if (!stopped) {
                    metrics.captureFailures.incrementAndGet();
                    clock.sleep(CAPTURE_PAUSE);
                }
            }
        } catch (RuntimeException | Error e) {
            LOG.atError().setCause(e).log("stream failed");
            if (!stopped) {
                host.ended("stream failed");
            }
        } finally {
            captures.close();
            stage.close();
        }
    }

    /** Streams until there is no picture source. One that went or broke its contract is replaced at once if there is another. */
    private void stream() {
        while (!stopped) {
            long before = metrics.captured.get();
            if (!captures.isOpen() && !captures.open(this::measure)) {
                tell(captures.trouble());
                return;
            }
            announced = null;
            awaitGo();
            captures.refresh();
            boolean delivers = true;
            while (!stopped && captures.isOpen() && delivers) {
                delivers = turn();
                stage.settle();
                if (captures.settle()) {
                    announced = null;
                }
            }
            if (!stopped) {
                host.dark();
            }
            if (!delivers && (!captures.trouble().equals(Trouble.NONE) || metrics.captured.get() == before)) {
                tell(captures.trouble());
                return;
            }
        }
    }

    /** Waits for the client. Somebody else's interrupt is nothing to us. */
    private void awaitGo() {
        boolean here = false;
        while (!here && !stopped && captures.isOpen()) {
            try {
                here = go.await(IDLE.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                LOG.atTrace().log("interrupted: if it was meant, stopped is set");
            }
            stage.settle();
            captures.settle();
        }
    }

    /**
     * Waits for one picture and sends it; false when the source can't go on. While the path is full it waits instead: the
     * picture taken after that is the newest, and none that others refer to is lost.
     */
    private boolean turn() {
        Duration pause = host.pause();
        if (pause.isPositive()) {
            clock.sleep(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
            return true;
        }
        Grab grab = captures.grab(grabTimeout, this::step);
        if (grab == Grab.UNCHANGED) {
            metrics.unchanged.incrementAndGet();
        }
        if (rest.again(stage.owes(), clock.nanos())) {
            captures.refresh();
        }
        return grab != Grab.CLOSED;
    }

    private void tell(Trouble now) {
        if (!stopped) {
            host.trouble(now);
        }
    }

    private void measure(Frame frame) {
        stage.prepare(frame);
    }

    private void step(Frame frame) {
        if (stopped) {
            return;
        }
        metrics.captured.incrementAndGet();
        Size size = frame.size();
        if (!size.equals(announced)) {
            announced = size;
            host.streaming(captures.name(), size);
        }
        if (rest.same(frame) && stage.canRefine(frame)) {
            rest.refined(stage.refine(frame), clock.nanos());
        } else {
            boolean encoded = stage.encode(frame);
            rest.changed(clock.nanos());
            tell(encoded ? Trouble.NONE : stage.refusal());
            if (!encoded && !stopped) {
                host.notEncoded(stage.asked());
            }
        }
    }

    private void send(AccessUnit unit) {
        sending.lock();
        try {
            if (stopped) {
                return;
            }
            out.accept(unit);
            metrics.sent.incrementAndGet();
            metrics.bytes.addAndGet(unit.data().remaining());
            rest.sent(unit, clock.nanos());
            if (unit.keyFrame()) {
                metrics.keyFrames.incrementAndGet();
            }
        } finally {
            sending.unlock();
        }
    }
}
