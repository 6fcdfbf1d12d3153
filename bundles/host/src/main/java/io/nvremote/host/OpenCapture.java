// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSession.Grab;
import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.capture.Cursor;
import io.nvremote.core.Keys;
import io.nvremote.media.FrameSink;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One open capture session, whose code may be a plugin's. Threads as {@link CaptureSession}. */
final class OpenCapture implements OpenPlugin<CaptureSource> {

    private static final Logger LOG = LoggerFactory.getLogger(OpenCapture.class);

    private final ServiceCandidate<CaptureSource> from;
    private final CaptureSession session;
    private final Runnable use;
    private final AtomicBoolean complained = new AtomicBoolean();

    private OpenCapture(ServiceCandidate<CaptureSource> from, CaptureSession session, Runnable use) {
        this.from = from;
        this.session = session;
        this.use = use;
    }

    /** Opens a session; throws {@link PluginFault} with whatever the source threw. */
    static OpenCapture open(ServiceCandidate<CaptureSource> from, CaptureSpec spec, ServiceWatch watch) {
        Runnable use = watch.inUse(from);
        try {
            @Nullable
            CaptureSession session = PluginFault.guard(() -> from.service().open(spec));
            if (session == null) {
                throw PluginFault.of("opened no session");
            }
            return new OpenCapture(from, session, use);
        } catch (PluginFault e) {
            use.run();
            throw e;
        }
    }

    @Override
    public ServiceCandidate<CaptureSource> from() {
        return from;
    }

    /** Throws {@link PluginFault} with whatever the source threw; what {@code sink} throws counts as the source's. */
    Grab grab(Duration timeout, FrameSink sink) {
        @Nullable Grab grab = PluginFault.guard(() -> session.grab(timeout, sink));
        if (grab == null) {
            throw PluginFault.of("said nothing of what came of waiting for a picture");
        }
        return grab;
    }

    @Nullable
    Cursor cursor() {
        try {
            return PluginFault.guard(() -> Optional.ofNullable(session.cursor()))
                    .orElse(null);
        } catch (PluginFault e) {
            complain(e);
            return null;
        }
    }

    void refresh() {
        try {
            PluginFault.guard(() -> {
                session.refresh();
                return session;
            });
        } catch (PluginFault e) {
            complain(e);
        }
    }

    private void complain(PluginFault why) {
        if (complained.compareAndSet(false, true)) {
            LOG.atWarn().setCause(why).addKeyValue(Keys.PLUGIN, from).log("picture source failed beside its pictures");
        }
    }

    @Override
    public void closeQuietly() {
        try {
            PluginFault.guard(() -> {
                session.close();
                return session;
            });
        } catch (PluginFault e) {
            LOG.atWarn().setCause(e).addKeyValue(Keys.PLUGIN, from).log("picture source did not close");
        }
        use.run();
    }
}
