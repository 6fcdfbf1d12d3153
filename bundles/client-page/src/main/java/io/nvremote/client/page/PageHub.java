// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.Clock;
import io.nvremote.input.InputEvent;
import io.nvremote.lib.json.Json;
import io.nvremote.lib.tasks.PeriodicTask;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.DecoderCapability;
import io.nvremote.stream.StreamMessage;
import io.nvremote.viewer.ControlLink;
import io.nvremote.viewer.InputSender;
import io.nvremote.viewer.StreamView;
import io.nvremote.viewer.VideoFeed;
import io.nvremote.viewer.Viewer;
import io.nvremote.viewer.ViewerError;
import io.nvremote.viewer.ViewerListener;
import io.nvremote.viewer.ViewerSession;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Between the client and the sockets of open pages: state and pictures one way, input the other. Units come on the
 * receiving thread and are copied once per page.
 */
final class PageHub implements StreamView, AutoCloseable {

    private static final int INPUT_AT_ONCE = 256;
    /** What was told of the pointer holds no more. */
    private static final String CURSOR_GONE = Json.write(Json.object().put("type", "cursor_gone"));

    private final Viewer viewer;
    private final Duration leftAfter;
    private final Clock clock = Clock.system();
    private final InputGate gate = new InputGate();
    private final Set<PageSocket> sockets = ConcurrentHashMap.newKeySet();
    private final Viewer.Registration listening;
    private final PeriodicTask statePulse;
    private final PeriodicTask figuresPulse;
    private final AtomicReference<@Nullable PageMetrics> meter = new AtomicReference<>();
    private final ConcurrentHashMap<Long, String> shapes = new ConcurrentHashMap<>();
    private volatile long shape = -1;
    private volatile @Nullable String pointer;
    private final PageDecoders decoders = new PageDecoders();
    private final StateTurn turn = new StateTurn();
    /** When the last page was closed; 0: one is open, or none ever was. */
    private volatile long leftNanos;

    /** @param leftAfter how long a session goes on after the last page was closed */
    PageHub(Viewer viewer, Duration leftAfter) {
        this.viewer = viewer;
        this.leftAfter = leftAfter;
        listening = viewer.listen(new ViewerListener() {
            @Override
            public void changed() {
                turn.now();
            }

            @Override
            public void hostsChanged() {
                turn.hosts();
            }
        });
        statePulse = PeriodicTask.every(Duration.ofMillis(50), "page-state", this::pulse);
        figuresPulse = PeriodicTask.every(Duration.ofMillis(500), "page-figures", this::pushFigures);
    }

    /** A new page asks for its socket. */
    PageSocket open() {
        return new PageSocket(this);
    }

    void opened(PageSocket socket) {
        sockets.add(socket);
        leftNanos = 0;
        socket.text(Json.write(PageState.json(viewer.state())));
        shapes.values().forEach(socket::text);
        String place = pointer;
        if (place != null) {
            socket.text(place); // a pointer at rest is not told again by the host
        }
        requestKeyFrame();
    }

    void closed(PageSocket socket) {
        sockets.remove(socket);
        decoders.closed(socket);
        if (sockets.isEmpty()) {
            leftNanos = clock.nanos();
        }
        input(new InputEvent.ReleaseAll());
    }

    void requestKeyFrame() {
        with(VideoFeed.class, VideoFeed::requestKeyFrame);
    }

    /** One message of a page; anything that breaks the form closes that page's socket. */
    void received(PageSocket socket, String text) {
        ObjectNode message = Json.read(text, ViewerError.BAD_REQUEST);
        if (message.path("type").asText().equals("decoders")) {
            decoders.told(socket, message.path("decoders"));
            return;
        }
        if (part(InputSender.class).isEmpty()) {
            return; // no session, or one that is over: said for a stream that is not there any more
        }
        switch (message.path("type").asText()) {
            case "input" -> {
                JsonNode events = message.path("events");
                for (int i = 0; i < Math.min(events.size(), INPUT_AT_ONCE); i++) {
                    input(PageInput.read(events.get(i)));
                }
            }
            case "held" -> {
                synchronized (gate) {
                    gate.held(clock.nanos());
                }
                with(
                        ControlLink.class,
                        ControlLink::ping); // the host hears that we live, and its answer says that it does
            }
            case "key_frame" -> requestKeyFrame();
            case "undecodable" -> with(VideoFeed.class, VideoFeed::undecodable);
            case "shown" -> with(VideoFeed.class, video -> shown(video, message.path("frames")));
            default -> throw PageInput.malformed("an unknown type");
        }
    }

    private static void shown(VideoFeed video, JsonNode frames) {
        for (JsonNode frame : frames) {
            video.decoded();
            video.shown(frame.path(0).asLong(), (long) (frame.path(1).asDouble() * 1e6), (long)
                    (frame.path(2).asDouble() * 1e6));
        }
    }

    private void input(InputEvent event) {
        ViewerSession held = viewer.session();
        boolean streaming = held != null && held.phase() == ViewerSession.Phase.STREAMING;
        Duration late = part(ControlLink.class)
                .map(link -> link.silence().minus(link.roundTrip()))
                .orElse(Duration.ZERO);
        boolean passes;
        synchronized (gate) {
            passes = gate.passes(event, streaming, late, clock.nanos());
        }
        if (passes) {
            with(InputSender.class, sender -> sender.send(event));
        }
    }

    /** A page that crashed or hangs says no release: we say it. */
    private void releaseForSilentPage() {
        boolean silent;
        synchronized (gate) {
            silent = gate.fellSilent(clock.nanos());
        }
        if (silent) {
            with(InputSender.class, sender -> sender.send(new InputEvent.ReleaseAll()));
        }
    }

    @Override
    public List<DecoderCapability> decoders() {
        return decoders.common();
    }

    /** A session that nobody sees keeps the host from others. */
    private void leaveForClosedPage() {
        long left = leftNanos;
        if (left == 0 || !sockets.isEmpty() || clock.nanos() - left < leftAfter.toNanos()) {
            return;
        }
        leftNanos = 0;
        if (viewer.session() != null) {
            viewer.disconnect("no page is open");
        }
    }

    @Override
    public void unit(AccessUnit unit) {
        for (PageSocket socket : sockets) {
            socket.unit(unit);
        }
    }

    @Override
    public void message(StreamMessage message) {
        switch (message) {
            case StreamMessage.CursorMoved moved -> {
                shape = moved.shape();
                ObjectNode out = Json.object().put("type", "cursor_moved");
                out.put("shape", moved.shape()).put("x", moved.x()).put("y", moved.y());
                pointer = Json.write(out);
                broadcast(pointer);
            }
            case StreamMessage.CursorShape cursor -> {
                String text = shapeText(cursor);
                shapes.keySet().removeIf(serial -> serial != shape);
                shapes.put(cursor.serial(), text);
                broadcast(text);
            }
            case StreamMessage.StreamInfo info -> turn.now();
            case StreamMessage.Trouble what -> turn.now();
            default -> {}
        }
    }

    @Override
    public void ended() {
        meter.set(null);
        shapes.clear();
        pointer = null;
        broadcast(CURSOR_GONE);
        turn.now();
    }

    private void pulse() {
        releaseForSilentPage();
        leaveForClosedPage();
        pushState();
    }

    private void pushState() {
        if (turn.taken(clock.nanos())) {
            broadcast(Json.write(PageState.json(viewer.state())));
        }
    }

    private void pushFigures() {
        ViewerSession held = viewer.session();
        VideoFeed video = part(VideoFeed.class).orElse(null);
        if (held == null || video == null || held.streamed().isZero() || sockets.isEmpty()) {
            return;
        }
        PageMetrics figures = meter.updateAndGet(m -> m == null ? new PageMetrics() : m);
        if (figures != null) {
            broadcast(Json.write(figures.next(held, video)));
        }
    }

    private void broadcast(String text) {
        sockets.forEach(socket -> socket.text(text));
    }

    private <P> Optional<P> part(Class<P> kind) {
        ViewerSession held = viewer.session();
        return held == null ? Optional.empty() : held.part(kind);
    }

    private <P> void with(Class<P> kind, Consumer<P> use) {
        part(kind).ifPresent(use);
    }

    private static String shapeText(StreamMessage.CursorShape cursor) {
        IntBuffer argb = cursor.argb().duplicate();
        ByteBuffer bytes = ByteBuffer.allocate(argb.remaining() * 4);
        bytes.asIntBuffer().put(argb);
        ObjectNode out = Json.object().put("type", "cursor_shape").put("serial", cursor.serial());
        out.put("hot_x", cursor.hotX()).put("hot_y", cursor.hotY());
        out.put("width", cursor.width()).put("height", cursor.height());
        out.put("argb", Base64.getEncoder().encodeToString(bytes.array()));
        return Json.write(out);
    }

    @Override
    public void close() {
        listening.close();
        statePulse.close();
        figuresPulse.close();
        sockets.forEach(PageSocket::shut);
    }
}
