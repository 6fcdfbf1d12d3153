// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import io.nvremote.core.StreamException;
import io.nvremote.media.AccessUnit;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/**
 * One open page. A page that does not keep up gets no more units until the next key frame: a picture that is late is
 * worth nothing. Public because the server calls its methods by reflection.
 */
public final class PageSocket implements Session.Listener.AutoDemanding {

    /** Units on their way to the page at once: a quarter of a second at sixty a second. */
    static final int UNITS_AT_ONCE = 15;

    private static final int HEADER_BYTES = 11;
    private static final int BUFFER_STEP = 64 * 1024;
    private static final int TEXTS_AT_ONCE = 256;

    private final PageHub hub;
    private final ConcurrentLinkedQueue<ByteBuffer> free = new ConcurrentLinkedQueue<>();
    private final AtomicInteger units = new AtomicInteger();
    private final AtomicInteger texts = new AtomicInteger();
    private volatile @Nullable Session session;
    private boolean waitsForKey;

    PageSocket(PageHub hub) {
        this.hub = hub;
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        session = opened;
        hub.opened(this);
    }

    @Override
    public void onWebSocketText(String message) {
        try {
            hub.received(this, message);
        } catch (StreamException e) {
            close(1008, "malformed message");
        }
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
        callback.succeed();
        close(1003, "text only");
    }

    @Override
    public void onWebSocketClose(int code, String reason) {
        session = null;
        hub.closed(this);
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        session = null;
        hub.closed(this);
    }

    /** Sends JSON; a page that lets hundreds pile up is cut off and will come back for a fresh state. */
    void text(String message) {
        Session open = session;
        if (open == null) {
            return;
        }
        if (texts.incrementAndGet() > TEXTS_AT_ONCE) {
            close(1013, "too slow");
            return;
        }
        open.sendText(message, Callback.from(texts::decrementAndGet, failure -> texts.decrementAndGet()));
    }

    /** Copies the unit and sends it, or drops it if the page is behind. Receiving thread only. */
    void unit(AccessUnit unit) {
        Session open = session;
        if (open == null) {
            return;
        }
        if (units.get() >= UNITS_AT_ONCE) {
            waitsForKey = true;
        }
        if (waitsForKey && (!unit.keyFrame() || units.get() >= UNITS_AT_ONCE)) {
            hub.requestKeyFrame();
            return;
        }
        waitsForKey = false;
        ByteBuffer data = unit.data().duplicate();
        byte[] codec = unit.codec().name().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer buffer = buffer(HEADER_BYTES + codec.length + data.remaining());
        buffer.put((byte) 1)
                .put((byte) (unit.keyFrame() ? 1 : 0))
                .putLong(unit.sequence())
                .put((byte) codec.length)
                .put(codec)
                .put(data)
                .flip();
        units.incrementAndGet();
        open.sendBinary(buffer, Callback.from(() -> sent(buffer), failure -> sent(buffer)));
    }

    void shut() {
        close(1001, "the client stops");
    }

    private void close(int code, String reason) {
        Session open = session;
        if (open != null) {
            open.close(code, reason, Callback.NOOP);
        }
    }

    private void sent(ByteBuffer buffer) {
        units.decrementAndGet();
        free.add(buffer);
    }

    /** A buffer of the pool, or a new one; one that is too small is left to the collector. */
    private ByteBuffer buffer(int bytes) {
        ByteBuffer pooled = free.poll();
        if (pooled != null && pooled.capacity() >= bytes) {
            return pooled.clear();
        }
        return ByteBuffer.allocate((bytes / BUFFER_STEP + 1) * BUFFER_STEP);
    }
}
