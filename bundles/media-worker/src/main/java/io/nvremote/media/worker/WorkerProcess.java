// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.core.Clock;
import io.nvremote.lib.process.ProcessEnd;
import io.nvremote.lib.services.Patience;
import io.nvremote.lib.workers.FieldWriter;
import io.nvremote.lib.workers.Message;
import io.nvremote.lib.workers.MessageChannel;
import io.nvremote.lib.workers.MessageType;
import io.nvremote.lib.workers.ProtocolFault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One worker process and the socket to it. Calls have a limit; a worker that answers none in time, says what is no message or ends is lost,
 * and with it whatever waits for an answer. Safe for any thread.
 */
final class WorkerProcess implements AutoCloseable {

    static final String CRASH_FILE = "hs_err.log";
    private static final Duration END = Duration.ofSeconds(1);

    private final Path folder;
    private final Process process;
    private final long startNanos = Clock.system().nanos();
    private final CompletableFuture<MessageChannel> ready = new CompletableFuture<>();
    private final CompletableFuture<String> lost = new CompletableFuture<>();
    private final Map<Long, CompletableFuture<Answer>> calls = new ConcurrentHashMap<>();
    private final Map<Integer, Consumer<Message>> sessions = new ConcurrentHashMap<>();
    private final Map<Integer, CompletableFuture<MessageChannel>> arriving = new ConcurrentHashMap<>();
    private final Map<Integer, SessionChannel> channels = new ConcurrentHashMap<>();
    private final AtomicLong lastCall = new AtomicLong();
    private final AtomicInteger lastSession = new AtomicInteger();
    private volatile @Nullable String killed;
    private volatile boolean overdue;

    private WorkerProcess(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
    }

    /**
     * Starts a process and waits until it has said hello.
     *
     * @param folder the worker's own; deleted with it
     * @param lines hears what it prints
     * @throws WorkerLost if it does not come up
     */
    static WorkerProcess start(
            Launcher launcher, Path folder, Map<String, String> environment, Duration limit, Consumer<String> lines)
            throws IOException, InterruptedException, WorkerLost {
        WorkerDoor door;
        WorkerProcess worker;
        try {
            door = new WorkerDoor(folder);
            worker = new WorkerProcess(folder, started(launcher, folder, environment, door));
        } catch (IOException | RuntimeException e) {
            Folders.delete(folder);
            throw e;
        }
        Thread.ofVirtual().name("worker-lines").start(() -> WorkerLines.follow(worker.process, lines));
        Thread.ofPlatform().daemon().name("worker-" + worker.pid()).start(() -> worker.serve(door));
        var unused = worker.process.onExit().thenRun(door::close);
        try {
            worker.process.getOutputStream().write(door.token());
            worker.process.getOutputStream().close();
            new Patience(limit).await(worker.ready);
            return worker;
        } catch (TimeoutException e) {
            throw worker.lostBy("was not ready within " + limit);
        } catch (IOException | ExecutionException e) {
            throw worker.lostBy("did not come up");
        } catch (InterruptedException e) {
            worker.kill("nobody waits for it");
            worker.close();
            throw e;
        }
    }

    private static Process started(Launcher launcher, Path folder, Map<String, String> environment, WorkerDoor door)
            throws IOException {
        try {
            return launcher.start(folder, environment);
        } catch (IOException | RuntimeException e) {
            door.close();
            throw e;
        }
    }

    long pid() {
        return process.pid();
    }

    long startNanos() {
        return startNanos;
    }

    Path folder() {
        return folder;
    }

    /** Whether it was ended since a call did not come back in time. */
    boolean isOverdue() {
        return overdue;
    }

    /** A call did not come back in time. */
    void overdue(String reason) {
        overdue = killed == null;
        kill(reason);
    }

    boolean isLost() {
        return lost.isDone();
    }

    // ---- the thread that reads the socket ----

    private void serve(WorkerDoor door) {
        String reason = "ended";
        try (door;
                MessageChannel channel = door.accept().channel()) {
            Thread.ofVirtual().name("worker-sessions").start(() -> sessions(door));
            ready.complete(channel);
            while (true) {
                take(channel.receive());
            }
        } catch (ProtocolFault e) {
            reason = "broke the protocol: " + e.getMessage();
        } catch (IOException e) {
            // The process is gone, or was ended: its exit code says more.
        } catch (RuntimeException e) {
            reason = "broke the protocol: " + e;
        } finally {
            end(reason);
        }
    }

    /** Each further socket is a session's. */
    private void sessions(WorkerDoor door) {
        try {
            while (true) {
                WorkerDoor.Arrival arrival = door.accept();
                CompletableFuture<MessageChannel> awaited = arriving.remove(arrival.session());
                if (awaited == null || !awaited.complete(arrival.channel())) {
                    arrival.channel().close();
                }
            }
        } catch (ProtocolFault e) {
            kill("broke the protocol: " + e.getMessage());
        } catch (IOException e) {
            return; // closed with the first socket
        }
    }

    private void take(Message message) {
        Consumer<Message> session = sessions.get(message.session());
        CompletableFuture<Answer> waiting = calls.remove(message.call());
        if (waiting != null) {
            waiting.complete(new Answer(List.of(), message));
        } else if (message.call() == 0 && session != null) {
            session.accept(message);
        }
    }

    private void end(String reason) {
        process.destroyForcibly();
        try {
            process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // of this thread's own; what it still has to do does not wait
        }
        String known = killed;
        String why = known == null ? reason + ProcessEnd.tell(process, folder.resolve(CRASH_FILE)) : known;
        channels.values().forEach(SessionChannel::close);
        lost.complete(why);
        ready.completeExceptionally(new WorkerLost(why));
        calls.values().forEach(waiting -> waiting.completeExceptionally(new WorkerLost(why)));
        arriving.values().forEach(waiting -> waiting.completeExceptionally(new WorkerLost(why)));
        channels.values().forEach(SessionChannel::close);
        calls.clear();
        Folders.delete(folder);
    }

    // ---- any thread ----

    /** Ends the process; what waits for it hears the reason. */
    void kill(String reason) {
        if (killed == null) {
            killed = reason;
        }
        process.destroyForcibly();
    }

    WorkerLost lostBy(String reason) {
        kill(reason);
        return whyLost(reason);
    }

    /** A session's socket ended: with the process, which says more of why, or without it, which then ends too. */
    WorkerLost sessionEnded() {
        WorkerLost why = whyLost("");
        return why.reason().isEmpty() ? lostBy("ended its session") : why;
    }

    private WorkerLost whyLost(String otherwise) {
        try {
            return new WorkerLost(lost.get(2 * END.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new WorkerLost(otherwise);
        } catch (ExecutionException | TimeoutException e) {
            return new WorkerLost(otherwise);
        }
    }

    /** A number for a session; {@code listener} hears what the worker says of it unasked, on the thread that reads. */
    int begin(Consumer<Message> listener) {
        int session = lastSession.incrementAndGet() & 0xffff;
        sessions.put(session, listener);
        return session;
    }

    /** Says something that is not answered. What a worker does not hear any more is nobody's loss. */
    void tell(MessageType type, int session, FieldWriter fields) {
        MessageChannel channel = ready.getNow(null);
        try {
            if (channel != null) {
                channel.send(type, session, 0, fields);
            }
        } catch (IOException e) {
            kill("can't be reached");
        }
    }

    /**
     * Asks and waits for the answer, interrupted or not.
     *
     * @throws WorkerLost if the worker is gone, or does not answer in time, which ends it
     */
    Answer call(MessageType type, int session, FieldWriter fields, Duration limit) throws WorkerLost {
        long call = lastCall.incrementAndGet();
        CompletableFuture<Answer> waiting = new CompletableFuture<>();
        calls.put(call, waiting);
        send(type, session, call, fields);
        return await(waiting, type, limit);
    }

    private void send(MessageType type, int session, long call, FieldWriter fields) throws WorkerLost {
        if (lost.isDone()) {
            throw whyLost("ended");
        }
        try {
            ready.join().send(type, session, call, fields);
        } catch (IOException e) {
            throw whyLost("can't be reached");
        }
    }

    /** Opens a session; what came of that is the first that is heard by its channel. */
    SessionChannel open(int session, FieldWriter fields, Duration limit) throws WorkerLost {
        CompletableFuture<MessageChannel> arrival = new CompletableFuture<>();
        arriving.put(session, arrival);
        send(MessageType.OPEN, session, 1, fields);
        SessionChannel channel = new SessionChannel(this, await(arrival, MessageType.OPEN, limit), session);
        channels.put(session, channel); // of a process that ends meanwhile, its caller closes it
        return channel;
    }

    /** From the watch: calls of sessions have their limits too. */
    void tick() {
        channels.values().forEach(SessionChannel::tick);
    }

    private <T> T await(CompletableFuture<T> waiting, MessageType what, Duration limit) throws WorkerLost {
        boolean interrupted = false;
        Patience patience = new Patience(limit);
        try {
            while (true) {
                try {
                    return patience.await(waiting);
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (TimeoutException e) {
                    overdue("did not answer " + what + " within " + limit);
                    throw whyLost("did not answer");
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof WorkerLost own
                            ? new WorkerLost(own.reason())
                            : new WorkerLost(String.valueOf(e.getCause()));
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Ends the process and waits until it is gone, for two seconds at most. */
    @Override
    public void close() {
        kill("is not needed any more");
        whyLost("is not needed any more");
    }
}
