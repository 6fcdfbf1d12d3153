// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Clock;
import io.nvremote.input.InputSink;
import io.nvremote.lib.plugins.PluginUser;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.stream.StreamMessage;
import io.nvremote.track.Track;
import io.nvremote.track.TrackReport;
import io.nvremote.track.TrackSession;
import java.util.function.Consumer;

/** What the person at the client does, into the sink that belongs to the screen shown. Safe for any thread. */
final class InputTrack implements Track, PluginUser {

    private final InputMetrics metrics = new InputMetrics();
    private final InputStage stage;
    private final Consumer<InputTrack> onClose;
    private final Clock clock = Clock.system();

    /** @param onClose told when it is closed */
    InputTrack(
            TrackSession session,
            RankedServices<InputSink> sinks,
            StreamPlan plan,
            ServiceWatch watch,
            Consumer<InputTrack> onClose) {
        this.stage = new InputStage(sinks, plan, metrics, watch);
        this.onClose = onClose;
        session.hear(Screen.class, screen -> stage.source(screen.source(), screen.display()));
    }

    InputMetrics metrics() {
        return metrics;
    }

    @Override
    public boolean uses(long serviceId) {
        return stage.uses(serviceId);
    }

    @Override
    public void heard() {
        stage.heard(clock.nanos());
    }

    @Override
    public boolean message(StreamMessage message) {
        if (message instanceof StreamMessage.Input in) {
            stage.inject(in.event());
            return true;
        }
        return false;
    }

    @Override
    public void watch(long nowNanos) {
        stage.watch(nowNanos);
    }

    @Override
    public void report(TrackReport to) {
        to.counter("inputs", metrics.injected.get());
        to.counter("input_failures", metrics.failures.get());
    }

    @Override
    public void close() {
        stage.close();
        onClose.accept(this);
    }
}
