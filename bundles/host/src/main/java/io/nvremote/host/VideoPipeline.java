// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSession.Grab;
import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.capture.Cursor;
import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.AccessUnitSink;
import io.nvremote.media.Frame;
import io.nvremote.media.Size;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
 * <p>When an encoder hangs, the run is given up as it stands, thread and all, and the session starts another; what the lost run
 * may still produce is thrown away.
 *
 * <p><b>Threads.</b> Safe for any; the three steps run on the run's own thread.
 */
final class VideoPipeline {

    /** What a run needs of its session. */
    interface Host {
        /** Pictures of this size are coming, from this source. */
        void streaming(String capture, Size size);

        /** The run can't go on. */
        void ended(String reason);
    }

    private static final Logger LOG = LoggerFactory.getLogger(VideoPipeline.class);
    private static final Duration FIRST_PICTURE = Duration.ofSeconds(3);
    private static final Duration CAPTURE_PAUSE = Duration.ofMillis(500);
    private static final Duration IDLE = Duration.ofMillis(50);
    private static final int CAPTURE_ATTEMPTS = 20;

    private final StreamPlan plan;
    private final RankedServices<CaptureSource> sources;
    private final StreamMetrics figures;
    private final AccessUnitSink out;
    private final Host host;
    private final EncodeStage stage;
    private final Thread thread;
    private final Clock clock = Clock.system();
    private final CountDownLatch go = new CountDownLatch(1);
    private final ReentrantLock sending = new ReentrantLock();
    private final Duration grabTimeout;
    private @Nullable Size announced;
    private String capturing = "";
    private final Set<String> complained = new HashSet<>(); // of the run's own thread
    private volatile @Nullable CaptureSession capture;
    private volatile boolean stopped;

    VideoPipeline(String name, SessionParts parts, StreamMetrics figures, AccessUnitSink out, Host host) {
        this.plan = parts.plan();
        this.sources = parts.captures();
        this.figures = figures;
        this.out = out;
        this.host = host;
        this.stage = new EncodeStage(parts.encoders(), plan, figures, this::send, parts.failures());
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

    @Nullable
    Cursor cursor() {
        CaptureSession from = capture;
        return from == null ? null : from.cursor();
    }

    /** The next picture is sent soon, even of a screen at rest, and can be decoded on its own. */
    void keyFrame() {
        stage.wantKeyFrame();
        CaptureSession from = capture;
        if (from != null) {
            from.refresh();
        }
    }

    /** Ends the run. Waits for its thread, at most so long; true if it is gone. */
    boolean stop(Duration limit) {
        stopped = true;
        go.countDown();
        if (thread.getState() == Thread.State.NEW) {
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
    }

    private void run() {
        String reason = "stopped";
        try {
            for (int attempt = 0; attempt < CAPTURE_ATTEMPTS && !stopped; attempt++) {
                long before = figures.captured.get();
                reason = capture();
                if (figures.captured.get() > before + 1) {
                    attempt = 0;
                }
                if (!stopped) {
                    figures.captureFailures.incrementAndGet();
                    clock.sleep(CAPTURE_PAUSE);
                }
            }
        } catch (RuntimeException | Error e) {
            LOG.atError().setCause(e).log("stream failed");
            reason = "stream failed";
        } finally {
            stage.close();
            if (!stopped) {
                host.ended(reason);
            }
        }
    }

    /** One capture session from its opening to its end; returns why it ended. */
    private String capture() {
        CaptureSession opened = open();
        if (opened == null) {
            return "no picture source";
        }
        capture = opened;
        try {
            while (!go.await(IDLE.toNanos(), TimeUnit.NANOSECONDS)) {
                stage.settle();
            }
            opened.refresh();
            while (!stopped) {
                Grab grab = opened.grab(grabTimeout, this::step);
                if (grab == Grab.CLOSED) {
                    return "picture source closed";
                }
                if (grab == Grab.UNCHANGED) {
                    figures.unchanged.incrementAndGet();
                }
                stage.settle();
            }
            return "stopped";
        } catch (StreamException e) {
            LOG.atWarn()
                    .addKeyValue(Keys.CODE, e.code())
                    .addKeyValue(Keys.REASON, e.getMessage())
                    .log("capture failed");
            return "picture source lost";
        } catch (InterruptedException e) {
            return "stopped";
        } finally {
            capture = null;
            opened.close();
        }
    }

    /** Opens the first source that delivers a picture, and the encoder for pictures of that size. */
    private @Nullable CaptureSession open() {
        for (String name : plan.captures()) {
            List<ServiceCandidate<CaptureSource>> offers = sources.choices(name);
            if (offers.isEmpty()) {
                notUsable(name, "NOT_INSTALLED", "no bundle offers it");
            }
            for (ServiceCandidate<CaptureSource> offer : offers) {
                CaptureSession session = null;
                try {
                    session = offer.service().open(new CaptureSpec(plan.display(), plan.size(), plan.rate()));
                    if (session.grab(FIRST_PICTURE, this::measure) == Grab.PICTURE) {
                        capturing = name;
                        announced = null;
                        complained.clear();
                        return session;
                    }
                    notUsable(name, "NO_PICTURE", "delivered nothing in " + FIRST_PICTURE);
                } catch (StreamException e) {
                    notUsable(name, e.code().name(), String.valueOf(e.getMessage()));
                }
                if (session != null) {
                    session.close();
                }
            }
        }
        return null;
    }

    /** Told once, however often the source is tried again, until there was a picture or something else is wrong. */
    private void notUsable(String source, String code, String reason) {
        if (complained.add(source + ": " + reason)) {
            LOG.atWarn()
                    .addKeyValue("source", source)
                    .addKeyValue(Keys.CODE, code)
                    .addKeyValue(Keys.REASON, reason)
                    .log("picture source not usable");
        }
    }

    private void measure(Frame frame) {
        stage.prepare(frame);
    }

    private void step(Frame frame) {
        if (stopped) {
            return;
        }
        figures.captured.incrementAndGet();
        Size size = frame.size();
        if (!size.equals(announced)) {
            announced = size;
            host.streaming(capturing, size);
        }
        stage.encode(frame);
    }

    private void send(AccessUnit unit) {
        sending.lock();
        try {
            if (stopped) {
                return;
            }
            out.accept(unit);
            figures.sent.incrementAndGet();
            figures.bytes.addAndGet(unit.data().remaining());
            if (unit.keyFrame()) {
                figures.keyFrames.incrementAndGet();
            }
        } finally {
            sending.unlock();
        }
    }
}
