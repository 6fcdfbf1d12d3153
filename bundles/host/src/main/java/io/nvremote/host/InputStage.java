// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.input.InputEvent;
import io.nvremote.input.InputSession;
import io.nvremote.input.InputSink;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The input node of one session: events into the sink that belongs to the picture source, each on the thread {@code input}, since a
 * sink's code may take its time. The best sink serves; one whose service goes gets nothing more; one that throws or hangs is set
 * aside. A thread that hangs is left to itself, with what it held, and another goes on.
 *
 * <p><b>Threads.</b> Safe for any; {@link #inject} never waits.
 */
final class InputStage implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(InputStage.class);
    /** As many as a person makes in some seconds; more are lost and counted. */
    private static final int WAITING = 1024;

    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final RankedServices<InputSink> sinks;
    private final StreamPlan plan;
    private final StreamMetrics figures;
    private final ServiceWatch watch;
    private final Clock clock = Clock.system();
    private final Runnable unlisten;
    private volatile String source = "";
    private volatile Worker worker;

    /** What the thread is asked to do. */
    private sealed interface Work {
        record Inject(InputEvent event) implements Work {}

        /** Pictures come from the source, now or again. */
        record Source() implements Work {}

        /** The sinks changed. */
        record Settle() implements Work {}

        record Stop() implements Work {}
    }

    private record Busy(ServiceCandidate<InputSink> with, long untilNanos) {}

    InputStage(RankedServices<InputSink> sinks, StreamPlan plan, StreamMetrics figures, ServiceWatch watch) {
        this.sinks = sinks;
        this.plan = plan;
        this.figures = figures;
        this.watch = watch;
        this.worker = new Worker();
        this.unlisten = sinks.onChange(() -> worker.ask(new Work.Settle()));
        worker.thread.start();
    }

    /** Pictures come from this source now, or again: input goes to its sink, opened anew, since a screen that came back is another. */
    void source(String name) {
        source = name;
        worker.ask(new Work.Source());
    }

    void inject(InputEvent event) {
        if (!worker.ask(new Work.Inject(event))) {
            figures.inputFailures.incrementAndGet();
        }
    }

    boolean uses(long serviceId) {
        ServiceCandidate<InputSink> in = worker.from;
        return in != null && in.serviceId() == serviceId;
    }

    /** The client gave a sign of life: what it holds may stay down. */
    void heard(long nowNanos) {
        worker.held.heard(nowNanos);
    }

    /** Looks for a sink that hangs, and goes on without it. */
    synchronized void watch(long nowNanos) {
        Worker stuck = worker;
        Busy at = stuck.busy;
        if (at != null && nowNanos - at.untilNanos() > 0) {
            stuck.abandoned = true;
            Worker fresh = new Worker();
            worker = fresh;
            figures.inputFailures.incrementAndGet();
            watch.failed(at.with(), "did not return within " + plan.hang());
            fresh.thread.start();
        }
    }

    @Override
    public synchronized void close() {
        unlisten.run();
        Worker last = worker;
        last.abandoned = !last.ask(new Work.Stop());
        try {
            if (!last.thread.join(CLOSE)) {
                last.abandoned = true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One thread with one open sink at most. */
    private final class Worker {

        private final BlockingQueue<Work> queue = new ArrayBlockingQueue<>(WAITING);
        private final Thread thread = Thread.ofPlatform().daemon().name("input").unstarted(this::run);
        private volatile @Nullable ServiceCandidate<InputSink> from;
        private volatile @Nullable Busy busy;
        private volatile boolean abandoned;
        private final HeldInput held = new HeldInput();
        private @Nullable InputSession session;
        private @Nullable Runnable use;
        /** For this source there was none, or it refused: no further try before the source is announced again, or sinks change. */
        private boolean refused;

        boolean ask(Work work) {
            return queue.offer(work);
        }

        private void run() {
            held.heard(clock.nanos());
            while (!abandoned) {
                try {
                    Work work = next();
                    if (work instanceof Work.Stop) {
                        break;
                    }
                    act(work);
                } catch (InterruptedException e) {
                    LOG.atDebug().log("somebody interrupted the input thread"); // Nobody of ours does.
                }
            }
            letGo(); // Also when it comes back after it was given up: what it held is released at last.
        }

        /** Waits for work; what the client holds down while it is silent goes up meanwhile. */
        private Work next() throws InterruptedException {
            Work work = null;
            while (held.any() && work == null) {
                long left = held.remaining(clock.nanos());
                work = left > 0 ? queue.poll(left, TimeUnit.NANOSECONDS) : queue.poll();
                if (work == null && held.remaining(clock.nanos()) <= 0) {
                    LOG.atDebug().addKeyValue("source", source).log("the client is silent: what it held down goes up");
                    inject(new InputEvent.ReleaseAll());
                    held.clear();
                }
            }
            return work == null ? queue.take() : work;
        }

        private void act(Work work) {
            switch (work) {
                case Work.Inject in -> {
                    if (inject(in.event())) {
                        figures.inputs.incrementAndGet();
                    } else {
                        figures.inputFailures.incrementAndGet();
                    }
                }
                case Work.Source now -> {
                    refused = false;
                    letGo();
                }
                case Work.Settle changed -> {
                    refused = false;
                    settle();
                }
                case Work.Stop stop -> {}
            }
        }

        /** Lets go of a sink that is gone, or no longer the best. */
        private void settle() {
            ServiceCandidate<InputSink> open = from;
            if (open != null && sinks.best(source).filter(open::equals).isEmpty()) {
                letGo();
            }
        }

        private boolean inject(InputEvent event) {
            settle();
            ServiceCandidate<InputSink> sink = from == null && !refused ? open() : from;
            InputSession to = session;
            if (sink == null || to == null) {
                return false;
            }
            try {
                work(sink, () -> {
                    to.inject(event);
                    return to;
                });
                held.take(event);
                return true;
            } catch (PluginFault e) {
                failed(sink, e, "input not injected");
                letGo();
                return false;
            }
        }

        private @Nullable ServiceCandidate<InputSink> open() {
            ServiceCandidate<InputSink> sink = sinks.best(source).orElse(null);
            if (sink == null) {
                refused = true;
                LOG.atWarn().addKeyValue("source", source).log("no input sink for this picture source");
                return null;
            }
            Runnable begun = watch.inUse(sink);
            from = sink;
            use = begun;
            try {
                session = work(sink, () -> sink.service().open(plan.display()));
                return sink;
            } catch (PluginFault e) {
                failed(sink, e, "input sink not opened");
                letGo();
                return null;
            }
        }

        private <T> T work(ServiceCandidate<InputSink> with, PluginFault.Call<T> call) {
            busy = new Busy(with, clock.nanos() + plan.hang().toNanos());
            try {
                return PluginFault.guard(call);
            } finally {
                busy = null;
            }
        }

        private void failed(ServiceCandidate<InputSink> sink, PluginFault why, String what) {
            LOG.atWarn()
                    .addKeyValue("source", source)
                    .addKeyValue(Keys.PLUGIN, sink)
                    .addKeyValue(Keys.REASON, why.getMessage())
                    .log(what);
            refused = true;
            if (why.code() == null && sinks.holds(sink)) {
                watch.failed(sink, String.valueOf(why.getMessage()));
            }
        }

        private void letGo() {
            InputSession old = session;
            ServiceCandidate<InputSink> sink = from;
            Runnable begun = use;
            session = null;
            use = null;
            held.clear(); // A session that closes lets go of everything.
            if (old != null && sink != null) {
                try {
                    work(sink, () -> {
                        old.close();
                        return old;
                    });
                } catch (PluginFault e) {
                    LOG.atWarn().setCause(e).addKeyValue(Keys.PLUGIN, sink).log("input did not close");
                }
            }
            from = null;
            if (begun != null) {
                begun.run();
            }
        }
    }
}
