// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.plugins;

import io.nvremote.core.Clock;
import io.nvremote.lib.services.PluginFault;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.lib.services.ServiceCandidate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How plugins of any kind are replaced under a running stream: a better one is opened beside the one in use, on a thread of its own and in
 * bounded time; whoever works with it takes it over between two pieces of work; what was in use before is closed elsewhere. What a
 * plugin is asked to do has a limit, and the watchdog asks who is over it.
 *
 * <p>One moves from next to trying to current, and is looked for in that order.
 *
 * <p><b>Threads.</b> {@link #isGone}, {@link #look}, {@link #take}, {@link #use}, {@link #discard}, {@link #letGo} and {@link #work} belong to the thread
 * that works with the plugin; the rest to any.
 */
public final class PhaseIn<S, O extends OpenPlugin<S, ?>> {

    /** What is particular to one kind. From the working thread and the one that opens beside it. */
    public interface Kind<S, O extends OpenPlugin<S, ?>> {

        /** What may be opened now, best first. */
        Stream<ServiceCandidate<S>> choices();

        /**
         * Opens one beside the one in use; runs its code.
         *
         * @return null if it is of no use, though not at fault
         * @throws PluginFault with whatever it threw
         */
        @Nullable
        O open(ServiceCandidate<S> candidate);

        /** It threw when it was opened. */
        void notOpened(ServiceCandidate<S> candidate, PluginFault why);

        /** It broke its contract. */
        void failed(ServiceCandidate<S> candidate, String reason);
    }

    private record Busy<S>(ServiceCandidate<S> with, long untilNanos) {}

    private final String name;
    private final RankedServices<S> services;
    private final Kind<S, O> kind;
    private final Duration openLimit;
    private final Runnable wake;
    private final Clock clock = Clock.system();
    private final Runnable unlisten;
    private final AtomicBoolean changed = new AtomicBoolean();
    private final AtomicBoolean warming = new AtomicBoolean();
    private final AtomicReference<@Nullable O> next = new AtomicReference<>();
    private volatile @Nullable O trying;
    private volatile @Nullable O current;
    /** At work, and until when it may be; null: none is. */
    private volatile @Nullable Busy<S> busy;

    private volatile boolean closed;

    /**
     * Nothing is opened before {@link #use} said what is in use.
     *
     * @param name of the kind, for threads
     * @param openLimit in which one that is opened beside must be open
     * @param wake run when there is something to look at between two pieces of work: what there is changed, or a better one is ready.
     *     Must return soon
     */
    public PhaseIn(String name, RankedServices<S> services, Kind<S, O> kind, Duration openLimit, Runnable wake) {
        this.name = name;
        this.wake = wake;
        this.services = services;
        this.kind = kind;
        this.openLimit = openLimit;
        this.unlisten = services.onChange(() -> {
            changed.set(true);
            wake.run();
        });
    }

    /** The one in use. */
    public @Nullable O current() {
        return current;
    }

    /** Whether a better one waits to be taken. */
    public boolean isReady() {
        return next.get() != null;
    }

    /** Whether it is in use, or waiting to be. */
    public boolean uses(long serviceId) {
        return is(next.get(), serviceId) || is(trying, serviceId) || is(current, serviceId);
    }

    private boolean is(@Nullable O open, long serviceId) {
        return open != null && open.from().serviceId() == serviceId;
    }

    /** The one that has not returned in the time it has; null if none is overdue. */
    public @Nullable ServiceCandidate<S> overdue(long nowNanos) {
        Busy<S> at = busy;
        return at != null && nowNanos - at.untilNanos() > 0 ? at.with() : null;
    }

    /** What may be chosen changed in another way than by services. */
    public void reconsider() {
        changed.set(true);
    }

    /**
     * Between two pieces of work: whether the service of the one in use is gone. If not, {@link #look} is done.
     */
    public boolean isGone() {
        O active = current;
        if (active == null || closed) {
            return false;
        }
        if (!services.holds(active.from())) {
            return true;
        }
        look();
        return false;
    }

    /** Between two pieces of work: if something changed, a better one than that in use begins to be opened in the background. */
    public void look() {
        if (current != null && !closed && changed.getAndSet(false)) {
            openBetter();
        }
    }

    private void openBetter() {
        Optional<ServiceCandidate<S>> best = kind.choices().findFirst();
        if (best.isEmpty() || uses(best.get().serviceId())) {
            return;
        }
        // Asked once more after it was not found in use: one that failed while this looked is set aside before it is
        // let go, and must not be tried a second time.
        ServiceCandidate<S> wanted = best.get();
        if (kind.choices().noneMatch(wanted::equals) || !warming.compareAndSet(false, true)) {
            return;
        }
        Thread.ofPlatform().daemon().name(name + "-warm-up").start(() -> warmUp(wanted));
    }

    private void warmUp(ServiceCandidate<S> wanted) {
        AtomicBoolean decided = new AtomicBoolean();
        Thread timer = Thread.ofVirtual().name(name + "-warm-up-watch").start(() -> {
            clock.sleep(openLimit);
            if (decided.compareAndSet(false, true)) {
                warming.set(false);
                kind.failed(wanted, "did not open within " + openLimit);
                changed.set(true);
            }
        });
        O opened = null;
        PluginFault fault = null;
        try {
            opened = kind.open(wanted);
        } catch (PluginFault e) {
            fault = e;
        }
        boolean ours = decided.compareAndSet(false, true);
        timer.interrupt(); // Only now: what wakes it must find the matter decided.
        if (!ours) {
            close(opened); // Too late: given up already.
            return;
        }
        if (fault != null) {
            kind.notOpened(wanted, fault);
        } else if (opened != null) {
            offer(opened);
        }
        warming.set(false);
        changed.set(true); // The best may have changed meanwhile.
    }

    private void offer(O opened) {
        close(next.getAndSet(opened));
        if (closed) {
            close(next.getAndSet(null));
        }
        wake.run();
    }

    /** The better one that is ready, to be tried: {@link #use} or {@link #discard} says what came of it. Null if there is none. */
    public @Nullable O take() {
        O ready = next.get();
        if (ready == null) {
            return null;
        }
        trying = ready;
        if (!next.compareAndSet(ready, null)) {
            trying = null;
            return null; // A better one displaced it just now: next time.
        }
        if (!services.holds(ready.from())) {
            discard(ready);
            return null;
        }
        return ready;
    }

    /** From now on this one is worked with; the one before is closed elsewhere. */
    public void use(O opened) {
        O before = current;
        current = opened;
        trying = null;
        changed.set(true); // What came while it was opened.
        if (before != null && before != opened) {
            retire(before);
        }
    }

    /** What was taken is not used. */
    public void discard(O taken) {
        trying = null;
        retire(taken);
    }

    /** Nothing is in use any more. */
    public void letGo() {
        O before = current;
        current = null;
        if (before != null) {
            retire(before);
        }
    }

    /** As {@link #letGo}, but closed here: for what has to let go before the next begins. */
    public void closeCurrent(Duration limit) {
        O before = current;
        if (before != null) {
            work(before.from(), limit, () -> {
                before.closeQuietly();
                return before;
            });
            current = null;
        }
    }

    /** Closes off the working thread: a plugin's close may take its time. */
    private void retire(O old) {
        Thread.ofPlatform().daemon().name(name + "-close").start(old::closeQuietly);
    }

    /** Has it do something, with an eye on the time; what it throws goes through. */
    public <T> T work(ServiceCandidate<S> with, Duration limit, Supplier<T> work) {
        busy(with, limit);
        try {
            return work.get();
        } finally {
            idle();
        }
    }

    /** From here on it is at work. */
    public void busy(ServiceCandidate<S> with, Duration limit) {
        busy = new Busy<>(with, clock.nanos() + limit.toNanos());
    }

    public void idle() {
        busy = null;
    }

    /** Nothing is opened any more; what is open stays so until {@link #close}. */
    public void abandon() {
        closed = true;
        unlisten.run();
    }

    /** Closes what is open, here. */
    public void close() {
        abandon();
        O active = current;
        current = null;
        close(active);
        close(next.getAndSet(null));
    }

    private void close(@Nullable O open) {
        if (open != null) {
            open.closeQuietly();
        }
    }
}
