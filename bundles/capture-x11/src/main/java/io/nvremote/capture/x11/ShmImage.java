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
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Wall: one picture in memory shared with the X server, which writes into it directly. The segment is marked for removal
 * as soon as both are attached, so that nothing is left behind however the process ends. It is unmapped when the last
 * hold goes; a surface that somebody still has then throws instead of touching memory that is gone.
 */
final class ShmImage implements ScreenImage {

    private static final int Z_PIXMAP = 2;
    private static final int IPC_CREAT_OWNER_ONLY = 01600;
    private static final int IPC_RMID = 0;
    /** Encoders read rows in steps of their vector width: room behind the last one keeps that inside. */
    private static final int ROOM_BEHIND_BYTES = 64;

    /** {@code XShmSegmentInfo}: segment id of the server, of the kernel, address, read-only flag. */
    private final Memory info = new Memory(32);

    private final HeldMemory holds = new HeldMemory();
    private final Pointer image;
    private final HostSurface surface;

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
            holds.doom();
            throw e;
        }
    }

    @SuppressWarnings("restricted") // the shared segment, of the size it was made with
    private HostSurface attach(X11Library library, Pointer display, Size size) {
        int stride = image.getInt(44);
        if (!PixelForm.of(image).isBgra()) {
            throw new StreamException(
                    CaptureError.SOURCE_UNAVAILABLE,
                    "the screen's pixels have to be converted: depth " + image.getInt(40));
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
                .reinterpret(bytes, holds.arena(), mapped -> library.c().shmdt(address));
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

    @Override
    public boolean shoot(X11Library library, Pointer display, NativeLong root) {
        return library.xext().XShmGetImage(display, root, image, 0, 0, new NativeLong(-1)) != 0;
    }

    @Override
    public boolean take() {
        return holds.take();
    }

    @Override
    public Lease hold() {
        holds.hold();
        return this;
    }

    @Override
    public void release() {
        holds.release();
    }

    @Override
    public void free(X11Library library, Pointer display) {
        library.xext().XShmDetach(display, info);
        library.x11().XSync(display, 0);
        library.x11().XDestroyImage(image);
        holds.doom();
    }
}
