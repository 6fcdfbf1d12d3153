// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Keys;
import io.nvremote.lib.services.PluginFault;
import io.nvremote.lib.services.ServiceCandidate;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a plugin opened, and is in use: an encoder's, a source's, a sink's session, a track. All of its code runs under guard. In
 * use from before that code begins until it was closed.
 *
 * <p><b>Threads.</b> {@link #openBy} once, before all else; {@link #closeQuietly} from any.
 */
abstract class OpenPlugin<S, T extends AutoCloseable> {

    private static final Logger LOG = LoggerFactory.getLogger(OpenPlugin.class);

    /** What runs the plugin's code to open something. */
    @FunctionalInterface
    interface Opening<S, T> {
        T of(S service) throws Throwable;
    }

    /** What runs the code of what was opened. */
    @FunctionalInterface
    interface Work<T> {
        void on(T opened) throws Throwable;
    }

    private final ServiceCandidate<S> from;
    private final AtomicReference<Runnable> use;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable T opened;

    OpenPlugin(ServiceCandidate<S> from, ServiceWatch watch) {
        this.from = from;
        this.use = new AtomicReference<>(watch.inUse(from));
    }

    final ServiceCandidate<S> from() {
        return from;
    }

    /** @throws PluginFault with whatever the plugin threw; it is in use no more then */
    final void openBy(Opening<S, T> opening) {
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

    final T opened() {
        return Objects.requireNonNull(opened, "it is open");
    }

    /** @throws PluginFault with whatever the plugin threw */
    final void call(Work<T> work) {
        T open = opened();
        PluginFault.guard(() -> {
            work.on(open);
            return open;
        });
    }

    /** Runs the plugin's code, once, which may take its time; throws nothing. */
    final void closeQuietly() {
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
        use.getAndSet(() -> {}).run();
    }
}
