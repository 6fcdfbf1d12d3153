// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.stream.StreamMessage;
import io.nvremote.viewer.TrackContext;
import io.nvremote.viewer.ViewerTrack;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** The host's pointer: its shapes, put together where they come in parts, and its places. */
final class CursorTrack implements ViewerTrack {

    private final TrackContext context;
    private final CursorAssembly assembly = new CursorAssembly();
    private final AtomicLong shapes = new AtomicLong();
    private final AtomicLong moves = new AtomicLong();

    CursorTrack(TrackContext context) {
        this.context = context;
    }

    @Override
    public void start() {}

    @Override
    public void message(StreamMessage message) {
        switch (message) {
            case StreamMessage.CursorMoved moved -> {
                moves.incrementAndGet();
                context.view().message(moved);
            }
            case StreamMessage.CursorShape shape -> shape(shape);
            case StreamMessage.CursorRows rows -> {
                StreamMessage.CursorShape whole = assembly.add(rows);
                if (whole != null) {
                    shape(whole);
                }
            }
            default -> {}
        }
    }

    private void shape(StreamMessage.CursorShape shape) {
        shapes.incrementAndGet();
        context.view().message(shape);
    }

    @Override
    public Map<String, Long> counters() {
        return Map.of("shapes", shapes.get(), "moves", moves.get());
    }

    @Override
    public void close() {}
}
