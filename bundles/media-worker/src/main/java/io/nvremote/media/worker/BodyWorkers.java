// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.core.Clock;
import io.nvremote.core.ErrorCode;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.lib.workers.MessageType;
import io.nvremote.updates.PluginFigures.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers of one body: one for each session, and for each environment one spare that has loaded the body and waits. A worker that a
 * session leaves is ended, never used again. Safe for any thread.
 */
final class BodyWorkers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BodyWorkers.class);

    private static final Duration STOP = Duration.ofSeconds(5);

    private final Body body;
    private final WorkerSettings settings;
    private final Launcher launcher;
    private final Path folder;
    private final GpuFaults faults;
    private final Clock clock = Clock.system();
    private final CrashRecord crashes;
    private final BodyFigures figures = new BodyFigures();
    private final Map<Map<String, String>, FutureTask<WorkerProcess>> spares = new HashMap<>();
    private final Map<FutureTask<WorkerProcess>, Thread> starting = new HashMap<>();
    private final Set<WorkerProcess> running = new HashSet<>();
    private boolean closed;

    /** {@code folder} takes a folder for each worker. */
    BodyWorkers(Body body, WorkerSettings settings, Launcher launcher, Path folder, GpuFaults faults) {
        this.faults = faults;
        this.body = body;
        this.settings = settings;
        this.launcher = launcher;
        this.folder = folder;
        crashes = new CrashRecord(settings);
    }

    Body body() {
        return body;
    }

    Duration callLimit() {
        return settings.callLimit();
    }

    Duration startLimit() {
        return settings.startLimit();
    }

    /** Processes that run, spares included. */
    synchronized List<WorkerProcess> running() {
        return List.copyOf(running);
    }

    long deaths() {
        return crashes.total();
    }

    /** From the watch: what the workers were seen to have. */
    void seen(Map<Long, BodyFigures.Seen> now) {
        figures.seen(now);
    }

    Processes processes() {
        return figures.processes(running().stream().map(WorkerProcess::pid).toList(), deaths());
    }

    /** Begins to ready a spare, after a pause, if there is none. */
    void prepare(Map<String, String> environment, Duration pause) {
        var unused = spare(environment, pause);
    }

    private synchronized FutureTask<WorkerProcess> spare(Map<String, String> environment, Duration pause) {
        FutureTask<WorkerProcess> spare = spares.get(environment);
        if (spare == null || closed) {
            spare = new FutureTask<>(() -> loaded(environment, pause));
            if (closed) {
                spare.cancel(false);
            } else {
                begin(environment, spare);
            }
        }
        return spare;
    }

    private void begin(Map<String, String> environment, FutureTask<WorkerProcess> spare) {
        spares.put(environment, spare);
        starting.put(spare, Thread.ofVirtual().name("worker-start").start(() -> {
            spare.run();
            synchronized (this) {
                starting.remove(spare);
            }
        }));
    }

    private WorkerProcess loaded(Map<String, String> environment, Duration pause)
            throws IOException, InterruptedException, WorkerLost {
        if (pause.isPositive()) {
            Thread.sleep(pause);
        }
        Path own = Files.createTempDirectory(folder, "w"); // inside a folder that only its owner may enter
        WorkerProcess worker =
                WorkerProcess.start(launcher, own, environment, settings.startLimit(), new WorkerLines(body.name()));
        try {
            worker.call(MessageType.LOAD, 0, body.load(), settings.startLimit()).orThrow(body.unavailable());
        } catch (WorkerLost | IOException | RuntimeException e) {
            worker.close();
            throw e;
        }
        synchronized (this) {
            if (!closed) {
                running.add(worker);
                return worker;
            }
        }
        worker.close();
        throw new WorkerLost("the plugin goes away");
    }

    /** Opens a session in a worker. */
    @FunctionalInterface
    interface Opening<A> {
        A in(WorkerProcess worker) throws WorkerLost, IOException;
    }

    /**
     * A session in a worker of its own; in another, if one dies of it. What the body refuses is thrown on.
     *
     * @param refused the code where there is no worker to be had
     */
    <A> A attach(Map<String, String> environment, ErrorCode refused, Opening<A> opening) {
        while (true) {
            WorkerProcess worker = take(environment, refused);
            try {
                A attached = opening.in(worker);
                if (refused == body.lost()) {
                    figures.restarted();
                }
                return attached;
            } catch (WorkerLost e) {
                died(worker, e.reason());
            } catch (IOException e) {
                died(worker, String.valueOf(e.getMessage()));
            } catch (RuntimeException e) {
                leave(worker);
                throw e;
            }
        }
    }

    /**
     * A worker that has loaded the body, for the caller alone; hand it to {@link #leave} or {@link #died}. Another spare is begun.
     *
     * @param refused the code where there is none to be had
     */
    private WorkerProcess take(Map<String, String> environment, ErrorCode refused) {
        while (true) {
            String why = crashes.quarantined(clock.nanos());
            if (why != null) {
                throw new StreamException(refused, body.name() + " is in quarantine: " + why);
            }
            WorkerProcess worker = await(claim(environment), refused);
            if (!worker.isLost()) {
                prepare(environment, crashes.pause(clock.nanos()));
                return worker;
            }
            died(worker, "died while it waited");
        }
    }

    /** The spare, for the caller alone from here on: who comes meanwhile begins another. */
    private synchronized FutureTask<WorkerProcess> claim(Map<String, String> environment) {
        FutureTask<WorkerProcess> spare = spare(environment, Duration.ZERO);
        spares.remove(environment, spare);
        return spare;
    }

    private WorkerProcess await(FutureTask<WorkerProcess> spare, ErrorCode refused) {
        try {
            return spare.get(); // bounded by the limits of what it does
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StreamException(refused, "interrupted while a worker of " + body.name() + " started");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StreamException own) {
                throw new StreamException(own.code(), String.valueOf(own.getMessage()), own);
            }
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new StreamException(refused, "no worker of " + body.name() + ": " + cause.getMessage(), e);
        } catch (CancellationException e) {
            throw new StreamException(refused, body.name() + " goes away", e);
        }
    }

    /** A session is over: its worker ends. */
    void leave(WorkerProcess worker) {
        forget(worker);
        worker.close();
    }

    private synchronized void forget(WorkerProcess worker) {
        running.remove(worker);
    }

    /** A worker was lost, or is no use any more. */
    void died(WorkerProcess worker, String how) {
        String reason = how + faults.since(worker.startNanos());
        leave(worker);
        if (worker.isOverdue()) {
            figures.unanswered();
        }
        boolean tooMany = crashes.died(clock.nanos(), reason);
        LOG.atWarn()
                .addKeyValue(Keys.PLUGIN, body.name())
                .addKeyValue("pid", worker.pid())
                .addKeyValue(Keys.REASON, reason)
                .log("a worker was lost");
        if (tooMany) {
            LOG.atError()
                    .addKeyValue(Keys.PLUGIN, body.name())
                    .addKeyValue(Keys.COUNT, settings.crashes())
                    .log("plugin in quarantine, its workers die too often");
        }
    }

    /** Ends all workers. Idempotent. */
    @Override
    public void close() {
        List<WorkerProcess> left;
        List<Thread> begun;
        synchronized (this) {
            closed = true;
            starting.keySet().forEach(spare -> spare.cancel(true));
            begun = List.copyOf(starting.values());
            left = List.copyOf(running);
            running.clear();
            spares.clear();
        }
        left.forEach(worker -> worker.kill("the plugin goes away"));
        left.forEach(WorkerProcess::close);
        begun.forEach(BodyWorkers::join);
    }

    private static void join(Thread thread) {
        try {
            thread.join(STOP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
