// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.plugins;

import io.nvremote.core.Keys;
import io.nvremote.lib.services.PluginFault;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.updates.PluginUse;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a plugin opened, and is in use: an encoder's, a source's, a sink's, a decoder's session, a track. All of its code runs under guard. In
 * use from before that code begins until it was closed.
 *
 * <p><b>Threads.</b> {@link #openBy} once, before all else; {@link #closeQuietly} from any.
 */
public abstract class OpenPlugin<S, T extends AutoCloseable> {

    private static final Logger LOG = LoggerFactory.getLogger(OpenPlugin.class);

    /** What runs the plugin's code to open something. */
    @FunctionalInterface
    public interface Opening<S, T> {
        T of(S service) throws Throwable;
    }

    /** What runs the code of what was opened. */
    @FunctionalInterface
    public interface Work<T> {
        void on(T opened) throws Throwable;
    }

    /** A call whose cost may have parts that are ours. */
    @FunctionalInterface
    public interface Asked<R> {
        R by(CallCost cost) throws Throwable;
    }

    private final ServiceCandidate<S> from;
    private final PluginUse use;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable T opened;

    /** It counts as in use from here on. */
    protected OpenPlugin(ServiceCandidate<S> from, ServiceObserver observer) {
        this.from = from;
        this.use = observer.inUse(from);
    }

    /** Whose service opened it. */
    public final ServiceCandidate<S> from() {
        return from;
    }

    /**
     * Opens it, by the plugin's code.
     *
     * @throws PluginFault with whatever the plugin threw; it is in use no more then
     */
    protected final void openBy(Opening<S, T> opening) {
        try {
            @Nullable T made = PluginFault.guard(() -> opening.of(from.service()));
            if (made == null) {
                throw PluginFault.of("opened nothing");
            }
            opened = made;
        } catch (PluginFault e) {
            endUse();
            throw e;
        }
    }

    /** What was opened; after {@link #openBy}. */
    protected final T opened() {
        return Objects.requireNonNull(opened, "it is open");
    }

    /**
     * Runs the plugin's code, and counts what that took.
     *
     * @throws PluginFault with whatever the plugin threw
     */
    protected final void call(Work<T> work) {
        T open = opened();
        ask(Duration.ZERO, cost -> {
            work.on(open);
            return open;
        });
    }

    /**
     * Runs the plugin's code, and counts what that took.
     *
     * @param wait how long it is asked to wait for something
     * @throws PluginFault with whatever the plugin threw
     */
    protected final <R> R ask(Duration wait, Asked<R> asked) {
        CallCost cost = new CallCost();
        try {
            return PluginFault.guard(() -> asked.by(cost));
        } finally {
            cost.tell(use, wait);
        }
    }

    /** Runs the plugin's code, once, which may take its time; throws nothing. */
    public final void closeQuietly() {
        try {
            if (opened != null && closed.compareAndSet(false, true)) {
                call(AutoCloseable::close);
            }
        } catch (PluginFault e) {
            LOG.atWarn().setCause(e).addKeyValue(Keys.PLUGIN, from).log("what a plugin opened did not close");
        }
        endUse();
    }

    private void endUse() {
        if (ended.compareAndSet(false, true)) {
            use.close();
        }
    }
}
