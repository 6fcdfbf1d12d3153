// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Keys;
import io.nvremote.input.InputEvent;
import io.nvremote.input.InputSession;
import io.nvremote.input.InputSink;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One open input session, whose code may be a plugin's. Threads as {@link InputSession}. */
final class OpenInput implements OpenPlugin<InputSink> {

    private static final Logger LOG = LoggerFactory.getLogger(OpenInput.class);

    private final ServiceCandidate<InputSink> from;
    private final InputSession session;
    private final Runnable use;

    private OpenInput(ServiceCandidate<InputSink> from, InputSession session, Runnable use) {
        this.from = from;
        this.session = session;
        this.use = use;
    }

    /** Opens a session; throws {@link PluginFault} with whatever the sink threw. */
    static OpenInput open(ServiceCandidate<InputSink> from, String display, ServiceWatch watch) {
        Runnable use = watch.inUse(from);
        try {
            @Nullable
            InputSession session = PluginFault.guard(() -> from.service().open(display));
            if (session == null) {
                throw PluginFault.of("opened no session");
            }
            return new OpenInput(from, session, use);
        } catch (PluginFault e) {
            use.run();
            throw e;
        }
    }

    @Override
    public ServiceCandidate<InputSink> from() {
        return from;
    }

    /** Throws {@link PluginFault} with whatever the sink threw. */
    void inject(InputEvent event) {
        PluginFault.guard(() -> {
            session.inject(event);
            return session;
        });
    }

    /** The sink lets go of everything it holds. */
    @Override
    public void closeQuietly() {
        try {
            PluginFault.guard(() -> {
                session.close();
                return session;
            });
        } catch (PluginFault e) {
            LOG.atWarn().setCause(e).addKeyValue(Keys.PLUGIN, from).log("input did not close");
        }
        use.run();
    }
}
