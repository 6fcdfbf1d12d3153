// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSession.Grab;
import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.capture.Cursor;
import io.nvremote.core.Keys;
import io.nvremote.lib.plugins.OpenPlugin;
import io.nvremote.lib.services.PluginFault;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.media.FrameSink;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One open capture session, whose code may be a plugin's. Threads as {@link CaptureSession}. */
final class OpenCapture extends OpenPlugin<CaptureSource, CaptureSession> {

    private static final Logger LOG = LoggerFactory.getLogger(OpenCapture.class);

    private final AtomicBoolean complained = new AtomicBoolean();

    /** Opens a session; throws {@link PluginFault} with whatever the source threw. */
    OpenCapture(ServiceCandidate<CaptureSource> from, CaptureSpec spec, ServiceWatch watch) {
        super(from, watch);
        openBy(source -> source.open(spec));
    }

    /** Throws {@link PluginFault} with whatever the source threw; what {@code sink} throws counts as the source's. */
    Grab grab(Duration timeout, FrameSink sink) {
        @Nullable
        Grab grab = ask(timeout, cost -> opened().grab(timeout, frame -> cost.without(() -> sink.accept(frame))));
        if (grab == null) {
            throw PluginFault.of("said nothing of what came of waiting for a picture");
        }
        return grab;
    }

    @Nullable
    Cursor cursor() {
        try {
            return ask(Duration.ZERO, cost -> Optional.ofNullable(opened().cursor()))
                    .orElse(null);
        } catch (PluginFault e) {
            complain(e);
            return null;
        }
    }

    void refresh() {
        try {
            call(CaptureSession::refresh);
        } catch (PluginFault e) {
            complain(e);
        }
    }

    private void complain(PluginFault why) {
        if (complained.compareAndSet(false, true)) {
            LOG.atWarn()
                    .setCause(why)
                    .addKeyValue(Keys.PLUGIN, from())
                    .log("picture source failed beside its pictures");
        }
    }
}
