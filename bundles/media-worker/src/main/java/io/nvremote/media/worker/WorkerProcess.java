// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.lib.services.Patience;
import io.nvremote.lib.workers.FieldWriter;
import io.nvremote.lib.workers.Message;
import io.nvremote.lib.workers.MessageChannel;
import io.nvremote.lib.workers.MessageType;
import io.nvremote.lib.workers.ProtocolFault;
import io.nvremote.lib.workers.WorkerProtocol;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
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
    private static final int TOKEN_BYTES = 32;
    private static final Duration END = Duration.ofSeconds(1);

    private record Pending(List<Message> parts, CompletableFuture<Answer> answer) {}

    private final Path folder;
    private final Process process;
    private final CompletableFuture<MessageChannel> ready = new CompletableFuture<>();
    private final CompletableFuture<String> lost = new CompletableFuture<>();
    private final Map<Long, Pending> calls = new ConcurrentHashMap<>();
    private final Map<Integer, Consumer<Message>> sessions = new ConcurrentHashMap<>();
    private final AtomicLong lastCall = new AtomicLong();
    private final AtomicInteger lastSession = new AtomicInteger();
    private volatile @Nullable String killed;

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
        byte[] secret = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(secret);
        String token = HexFormat.of().formatHex(secret);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        WorkerProcess worker;
        try {
            server.bind(UnixDomainSocketAddress.of(folder.resolve(WorkerProtocol.SOCKET)), 1);
            worker = new WorkerProcess(folder, launcher.start(folder, environment));
        } catch (IOException | RuntimeException e) {
            server.close();
            Folders.delete(folder);
            throw e;
        }
        Thread.ofVirtual().name("worker-lines").start(() -> worker.read(lines));
        Thread.ofPlatform().daemon().name("worker-" + worker.pid()).start(() -> worker.serve(server, token));
        var unused = worker.process.onExit().thenRun(() -> closeQuietly(server));
        try {
            worker.process.getOutputStream().write(token.getBytes(StandardCharsets.US_ASCII));
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

    private static void closeQuietly(AutoCloseable open) {
        try {
            open.close();
        } catch (Exception e) {
            // Closed is what it is to be; nothing is left to do with it.
        }
    }

    private void read(Consumer<String> lines) {
        try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.accept(line);
            }
        } catch (IOException e) { // it ended while it printed: its last line is lost, its end is told elsewhere
            return;
        }
    }

    long pid() {
        return process.pid();
    }

    Path folder() {
        return folder;
    }

    boolean isLost() {
        return lost.isDone();
    }

    // ---- the thread that reads the socket ----

    private void serve(ServerSocketChannel server, String token) {
        String reason = "ended";
        try (server;
                MessageChannel channel = new MessageChannel(server.accept())) {
            greet(channel.receive(), token);
            server.close();
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

    private static void greet(Message hello, String token) throws ProtocolFault {
        boolean known = hello.type() == MessageType.HELLO
                && hello.fields().number() == WorkerProtocol.VERSION
                && MessageDigest.isEqual(
                        hello.fields().text().getBytes(StandardCharsets.US_ASCII),
                        token.getBytes(StandardCharsets.US_ASCII));
        if (!known) {
            throw new ProtocolFault("somebody else answered");
        }
    }

    private void take(Message message) {
        if (message.call() == 0) {
            Consumer<Message> session = sessions.get(message.session());
            if (session != null) {
                session.accept(message);
            }
            return;
        }
        Pending pending = calls.get(message.call());
        if (pending == null) {
            return; // nobody waits any more
        }
        if (message.type() == MessageType.UNIT) {
            pending.parts.add(message);
        } else if (calls.remove(message.call(), pending)) {
            pending.answer.complete(new Answer(pending.parts, message));
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
        String why = known == null ? reason + Deaths.tell(process, folder.resolve(CRASH_FILE)) : known;
        lost.complete(why);
        ready.completeExceptionally(new WorkerLost(why));
        calls.values().forEach(pending -> pending.answer.completeExceptionally(new WorkerLost(why)));
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

    private WorkerLost lostBy(String reason) {
        kill(reason);
        return whyLost(reason);
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

    void finished(int session) {
        sessions.remove(session);
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
        Pending pending = new Pending(new ArrayList<>(), new CompletableFuture<>());
        calls.put(call, pending);
        if (lost.isDone()) {
            calls.remove(call);
            throw whyLost("ended");
        }
        try {
            ready.join().send(type, session, call, fields);
        } catch (IOException e) {
            calls.remove(call);
            throw whyLost("can't be reached");
        }
        boolean interrupted = false;
        Patience patience = new Patience(limit);
        try {
            while (true) {
                try {
                    return patience.await(pending.answer);
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (TimeoutException e) {
                    calls.remove(call);
                    throw lostBy("did not answer " + type + " within " + limit);
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
