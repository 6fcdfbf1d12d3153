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
import io.nvremote.media.Size;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One open capture session, whose code may be a plugin's. Threads as {@link CaptureSession}. */
final class OpenCapture extends OpenPlugin<CaptureSource, CaptureSession> {

    private static final Logger LOG = LoggerFactory.getLogger(OpenCapture.class);

    private @Nullable Size size;
    private volatile List<String> displays = List.of();
    private final AtomicBoolean complained = new AtomicBoolean();

    /** Opens a session; throws {@link PluginFault} with whatever the source threw. */
    OpenCapture(ServiceCandidate<CaptureSource> from, CaptureSpec spec, ServiceWatch watch) {
        super(from, watch);
        openBy(source -> source.open(spec));
    }

    /** Throws {@link PluginFault} with whatever the source threw; what {@code sink} throws counts as the source's. */
    Grab grab(Duration timeout, FrameSink sink) {
        @Nullable
        Grab grab = ask(timeout, cost -> {
            @Nullable Size[] seen = {size};
            Grab came = opened().grab(timeout, frame -> {
                seen[0] = frame.size();
                cost.without(() -> sink.accept(frame));
            });
            if (!Objects.equals(seen[0], size)) { // another picture of the screen: its outputs may be others too
                size = seen[0];
                displays = List.copyOf(opened().displays());
            }
            return came;
        });
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

    /** As of the last picture of another size than the one before; from any thread. */
    List<String> displays() {
        return displays;
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
