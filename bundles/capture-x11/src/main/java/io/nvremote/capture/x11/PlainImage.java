// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.x11;

import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import io.nvremote.media.HostSurface;
import io.nvremote.media.Lease;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Wall: the slow way, for servers that share no memory or have other pixels than BGRA: each picture comes over the connection and
 * is converted.
 */
final class PlainImage implements ScreenImage {

    private static final int Z_PIXMAP = 2;
    /** Encoders read rows in steps of their vector width: room behind the last one keeps that inside. */
    private static final int ROOM_BEHIND_BYTES = 64;

    private final HeldMemory memory = new HeldMemory();
    private final HostSurface surface;
    private final Size size;
    private final MemorySegment pixels;
    private final int[] row;
    private @Nullable PixelForm form;

    PlainImage(Size size) {
        this.size = size;
        int stride = size.width() * 4;
        pixels = memory.arena().allocate((long) stride * size.height() + ROOM_BEHIND_BYTES, ROOM_BEHIND_BYTES);
        row = new int[size.width()];
        surface = new HostSurface(PixelFormat.BGRA, size, List.of(new HostSurface.Plane(pixels, stride)));
    }

    @Override
    public HostSurface surface() {
        return surface;
    }

    @Override
    public boolean take() {
        return memory.take();
    }

    @Override
    public boolean shoot(X11Library library, Pointer display, NativeLong root) {
        Pointer image =
                library.x11().XGetImage(display, root, 0, 0, size.width(), size.height(), new NativeLong(-1), Z_PIXMAP);
        if (image == null) {
            return false;
        }
        try {
            PixelForm now = PixelForm.of(image);
            if (!now.equals(form)) {
                now.check();
                form = now;
            }
            convert(now, image);
        } finally {
            library.x11().XDestroyImage(image);
        }
        return true;
    }

    @SuppressWarnings("restricted") // what the server sent, of the size that it says
    private void convert(PixelForm from, Pointer image) {
        long stride = image.getInt(44);
        MemorySegment sent = MemorySegment.ofAddress(Pointer.nativeValue(image.getPointer(16)))
                .reinterpret(stride * size.height());
        for (int y = 0; y < size.height(); y++) {
            from.read(sent, y * stride, row);
            MemorySegment.copy(row, 0, pixels, ValueLayout.JAVA_INT, 4L * y * row.length, row.length);
        }
    }

    @Override
    public Lease hold() {
        memory.hold();
        return this;
    }

    @Override
    public void release() {
        memory.release();
    }

    @Override
    public void free(X11Library library, Pointer display) {
        memory.doom();
    }
}
