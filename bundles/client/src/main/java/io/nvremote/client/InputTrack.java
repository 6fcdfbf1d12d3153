// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.input.InputEvent;
import io.nvremote.stream.StreamMessage;
import io.nvremote.viewer.InputSender;
import io.nvremote.viewer.TrackContext;
import io.nvremote.viewer.ViewerTrack;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A person's input on its way to the host. What is held is released with the track. */
final class InputTrack implements ViewerTrack, InputSender {

    private final TrackContext context;
    private final AtomicLong events = new AtomicLong();

    InputTrack(TrackContext context) {
        this.context = context;
    }

    @Override
    public void start() {}

    @Override
    public void send(InputEvent event) {
        events.incrementAndGet();
        context.say(new StreamMessage.Input(event));
    }

    @Override
    public Map<String, Long> counters() {
        return Map.of("events_sent", events.get());
    }

    @Override
    public void close() {
        context.say(new StreamMessage.Input(new InputEvent.ReleaseAll()));
    }
}
