// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.input.InputEvent;
import io.nvremote.input.InputSink;
import io.nvremote.lib.plugins.PhaseIn;
import io.nvremote.lib.services.PluginFault;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.lib.services.ServiceCandidate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The input node of one session: events into the sink that belongs to the picture source, each on the thread {@code input}, since a
 * sink's code may take its time. The best sink serves, a better one takes over between two events ({@link PhaseIn}) when the one
 * before has let go of what it held; one whose service goes gets nothing more; one that throws or hangs is set aside, and tried again when
 * there is no other: a screen that stood still takes input when it goes on. A thread that hangs is left to itself, with what it held, and another goes on.
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
    private final InputMetrics metrics;
    private final ServiceWatch watch;
    private final Clock clock = Clock.system();
    private volatile String source = "";
    private volatile String display = "";
    private volatile Worker worker;
    /** When something went wrong last. */
    private volatile long failedNanos;

    InputStage(RankedServices<InputSink> sinks, StreamPlan plan, InputMetrics metrics, ServiceWatch watch) {
        this.sinks = sinks;
        this.plan = plan;
        this.metrics = metrics;
        this.watch = watch;
        this.failedNanos = clock.nanos() - plan.hang().toNanos();
        this.worker = new Worker();
        worker.thread.start();
    }

    /** Pictures come from this source now, or again: input goes to its sink, opened anew, since a screen that came back is another. */
    void source(String name, String shown) {
        source = name;
        display = shown.isEmpty() ? plan.display() : shown;
        worker.ask(new InputWork.Source());
    }

    void inject(InputEvent event) {
        if (!worker.ask(new InputWork.Inject(event))) {
            metrics.failures.incrementAndGet();
        }
    }

    boolean uses(long serviceId) {
        return worker.plugins.uses(serviceId);
    }

    /** The client gave a sign of life: what it holds may stay down. */
    void heard(long nowNanos) {
        worker.held.heard(nowNanos);
    }

    /** Looks for a sink that hangs, and goes on without it. */
    synchronized void watch(long nowNanos) {
        Worker stuck = worker;
        ServiceCandidate<InputSink> overdue = stuck.plugins.overdue(nowNanos);
        if (overdue != null && !watch.isInDevelopment(overdue)) {
            stuck.abandon();
            failedNanos = nowNanos;
            Worker fresh = new Worker();
            worker = fresh;
            metrics.failures.incrementAndGet();
            watch.failed(overdue, "did not return within " + plan.hang());
            fresh.thread.start();
        }
    }

    @Override
    public synchronized void close() {
        Worker last = worker;
        boolean told = last.ask(new InputWork.Stop());
        try {
            if (!told || !last.thread.join(CLOSE)) {
                last.abandon();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One thread with one sink in use at most. */
    private final class Worker implements PhaseIn.Kind<InputSink, OpenInput> {

        private final BlockingQueue<InputWork> queue = new ArrayBlockingQueue<>(WAITING);
        private final Thread thread = Thread.ofPlatform().daemon().name("input").unstarted(this::run);
        private final PhaseIn<InputSink, OpenInput> plugins =
                new PhaseIn<>("input", sinks, this, plan.warmUp(), () -> ask(new InputWork.Settle()));
        private final HeldInput held = new HeldInput();
        private volatile boolean abandoned;
        /** Could not be opened: not asked again before the source is announced again, or sinks change. */
        private final Set<Long> unable = ConcurrentHashMap.newKeySet();

        /** There was none at all, or the one in use refused an event: no further try before then, or for a while. */
        private boolean refused;

        boolean ask(InputWork work) {
            return queue.offer(work);
        }

        void abandon() {
            abandoned = true;
            plugins.abandon();
        }

        private void run() {
            held.heard(clock.nanos());
            while (!abandoned) {
                try {
                    InputWork work = next();
                    if (work instanceof InputWork.Stop) {
                        break;
                    }
                    act(work);
                } catch (InterruptedException e) {
                    LOG.atDebug().log("somebody interrupted the input thread"); // Nobody of ours does.
                }
            }
            plugins.close(); // Also when it comes back after it was given up: what it held is released at last.
        }

        /** Waits for work; what the client holds down while it is silent goes up meanwhile. */
        private InputWork next() throws InterruptedException {
            InputWork work = null;
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

        private void act(InputWork work) {
            switch (work) {
                case InputWork.Inject in -> {
                    if (inject(in.event())) {
                        metrics.injected.incrementAndGet();
                    } else {
                        metrics.failures.incrementAndGet();
                    }
                }
                case InputWork.Source now -> {
                    tryAll();
                    letGo();
                }
                case InputWork.Settle changed -> {
                    tryAll();
                    settle();
                }
                case InputWork.Stop stop -> {}
            }
        }

        private void tryAll() {
            refused = false;
            unable.clear();
        }

        /** Goes over to a better sink that is ready, and lets go of one that is gone. */
        private void settle() {
            OpenInput ready = plugins.take();
            if (ready != null && !ready.from().kinds().contains(source)) {
                plugins.discard(ready); // Of the source before.
                ready = null;
            }
            if (ready != null) {
                letGo();
                plugins.use(ready);
                LOG.atInfo().addKeyValue(Keys.PLUGIN, ready.from()).log("input sink took over");
            } else if (plugins.isGone()) {
                letGo();
            }
        }

        private boolean inject(InputEvent event) {
            settle();
            OpenInput to = plugins.current() == null ? openBest() : plugins.current();
            if (to == null) {
                return false;
            }
            try {
                plugins.work(to.from(), plan.hang(), () -> {
                    to.inject(event);
                    return to;
                });
                held.take(event);
                return true;
            } catch (PluginFault e) {
                notUsable(to.from(), e, "input not injected");
                refused = true;
                letGo();
                return false;
            }
        }

        private @Nullable OpenInput openBest() {
            for (ServiceCandidate<InputSink> sink : candidates()) {
                try {
                    OpenInput opened = plugins.work(sink, plan.hang(), () -> open(sink));
                    plugins.use(opened);
                    return opened;
                } catch (PluginFault e) {
                    notOpened(sink, e);
                }
            }
            if (!refused) {
                refused = true;
                LOG.atWarn().addKeyValue("source", source).log("no input sink for this picture source");
            }
            return null;
        }

        /** Best first; when there is none, all of them after as long as one may take: what failed may be well again. */
        private List<ServiceCandidate<InputSink>> candidates() {
            List<ServiceCandidate<InputSink>> good =
                    refused ? List.of() : choices().toList();
            if (!good.isEmpty() || clock.nanos() - failedNanos < plan.hang().toNanos()) {
                return good;
            }
            failedNanos = clock.nanos();
            return Stream.concat(sinks.choices(source).stream(), sinks.lastResorts(source))
                    .toList();
        }

        private void letGo() {
            held.clear(); // A session that closes lets go of everything.
            plugins.closeCurrent(plan.hang());
        }

        // ---- what is particular to sinks ----

        @Override
        public Stream<ServiceCandidate<InputSink>> choices() {
            return sinks.choices(source).stream().filter(sink -> !unable.contains(sink.serviceId()));
        }

        @Override
        public OpenInput open(ServiceCandidate<InputSink> candidate) {
            return new OpenInput(candidate, display, watch);
        }

        @Override
        public void notOpened(ServiceCandidate<InputSink> candidate, PluginFault why) {
            unable.add(candidate.serviceId());
            notUsable(candidate, why, "input sink not opened");
        }

        @Override
        public void failed(ServiceCandidate<InputSink> candidate, String reason) {
            if (sinks.holds(candidate)) {
                watch.failed(candidate, reason);
            }
        }

        private void notUsable(ServiceCandidate<InputSink> sink, PluginFault why, String what) {
            failedNanos = clock.nanos();
            LOG.atWarn()
                    .addKeyValue("source", source)
                    .addKeyValue(Keys.PLUGIN, sink)
                    .addKeyValue(Keys.REASON, why.getMessage())
                    .log(what);
            if (why.code() == null) {
                failed(sink, String.valueOf(why.getMessage()));
            }
        }
    }
}
