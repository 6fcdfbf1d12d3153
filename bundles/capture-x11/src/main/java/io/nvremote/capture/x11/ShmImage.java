// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.x11;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import io.nvremote.capture.CaptureError;
import io.nvremote.core.StreamException;
import io.nvremote.media.HostSurface;
import io.nvremote.media.Lease;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Wall: one picture in memory shared with the X server, which writes into it directly. The segment is marked for removal
 * as soon as both are attached, so that nothing is left behind however the process ends. It is unmapped when the last
 * hold goes; a surface that somebody still has then throws instead of touching memory that is gone.
 */
final class ShmImage implements Lease {

    private static final int GONE = Integer.MIN_VALUE;
    private static final int Z_PIXMAP = 2;
    private static final int IPC_CREAT_OWNER_ONLY = 01600;
    private static final int IPC_RMID = 0;
    /** Encoders read rows in steps of their vector width: room behind the last one keeps that inside. */
    private static final int ROOM_BEHIND_BYTES = 64;

    /** {@code XShmSegmentInfo}: segment id of the server, of the kernel, address, read-only flag. */
    private final Memory info = new Memory(32);

    private final Arena arena = Arena.ofShared();
    private final AtomicInteger holds = new AtomicInteger();
    private final Pointer image;
    private final HostSurface surface;
    private volatile boolean doomed;

    ShmImage(X11Library library, Pointer display, Pointer visual, int depth, Size size) {
        info.clear();
        image = library.xext()
                .XShmCreateImage(display, visual, depth, Z_PIXMAP, Pointer.NULL, info, size.width(), size.height());
        if (image == null) {
            throw new StreamException(CaptureError.SOURCE_UNAVAILABLE, "the X server gives no shared image of " + size);
        }
        try {
            surface = attach(library, display, size);
        } catch (RuntimeException e) {
            library.x11().XDestroyImage(image);
            arena.close();
            throw e;
        }
    }

    @SuppressWarnings("restricted") // the shared segment, of the size it was made with
    private HostSurface attach(X11Library library, Pointer display, Size size) {
        int stride = image.getInt(44);
        boolean bgra = image.getInt(48) == 32
                && image.getInt(24) == 0
                && image.getLong(56) == 0xFF0000L
                && image.getLong(64) == 0xFF00L
                && image.getLong(72) == 0xFFL;
        if (!bgra) {
            throw new StreamException(
                    CaptureError.SOURCE_UNAVAILABLE,
                    "the screen must have 24-bit colour in 32-bit little-endian pixels; its depth is "
                            + image.getInt(40));
        }
        long bytes = (long) stride * size.height() + ROOM_BEHIND_BYTES;
        int id = library.c().shmget(0, new NativeLong(bytes), IPC_CREAT_OWNER_ONLY);
        Pointer address = id < 0 ? Pointer.createConstant(-1) : library.c().shmat(id, Pointer.NULL, 0);
        if (Pointer.nativeValue(address) == -1) {
            throw new StreamException(
                    CaptureError.SOURCE_UNAVAILABLE,
                    "no shared memory of " + bytes + " bytes (kernel.shmmax, kernel.shmall)");
        }
        MemorySegment memory = MemorySegment.ofAddress(Pointer.nativeValue(address))
                .reinterpret(bytes, arena, mapped -> library.c().shmdt(address));
        info.setInt(8, id);
        info.setPointer(16, address);
        info.setInt(24, 0);
        image.setPointer(16, address);
        library.xext().XShmAttach(display, info);
        library.x11().XSync(display, 0);
        library.c().shmctl(id, IPC_RMID, Pointer.NULL);
        return new HostSurface(PixelFormat.BGRA, size, List.of(new HostSurface.Plane(memory, stride)));
    }

    @Override
    public HostSurface surface() {
        return surface;
    }

    /** Copies the screen into this image; false if the server refused. */
    boolean shoot(X11Library library, Pointer display, NativeLong root) {
        return library.xext().XShmGetImage(display, root, image, 0, 0, new NativeLong(-1)) != 0;
    }

    boolean take() {
        return holds.compareAndSet(0, 1);
    }

    @Override
    public Lease hold() {
        holds.incrementAndGet();
        return this;
    }

    @Override
    public void release() {
        holds.decrementAndGet();
        unmapIfLeft();
    }

    /** Ends its use by the server; the memory goes with the last hold. */
    void free(X11Library library, Pointer display) {
        library.xext().XShmDetach(display, info);
        library.x11().XSync(display, 0);
        library.x11().XDestroyImage(image);
        doomed = true;
        unmapIfLeft();
    }

    private void unmapIfLeft() {
        if (doomed && holds.compareAndSet(0, GONE)) {
            arena.close();
        }
    }
}
