// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.glass;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import io.nvremote.media.HostSurface;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;

/** Wall: puts decoded pictures on an X screen through shared memory, as a native view would. Belongs to one thread. */
final class Showing {

    private static final int OWNER_ONLY = 01600;
    private static final int REMOVE = 0;

    private final X11 x11;
    private final X11.Xext shm = X11.shm();
    private final Memory segment = X11.segmentInfo();
    private final Pointer image;
    private final Pointer gc;
    private final NativeLong window;
    private final int width;
    private final int height;
    private final SwsContext scaler;
    private final PointerPointer<BytePointer> from = new PointerPointer<>(4);
    private final IntPointer fromStrides = new IntPointer(4);
    private final PointerPointer<BytePointer> to = new PointerPointer<>(4);
    private final IntPointer toStrides = new IntPointer(4);

    Showing(String display, int width, int height) {
        this.width = width;
        this.height = height;
        x11 = X11.open(display);
        window = x11.window(width, height);
        gc = x11.x().XCreateGC(x11.display(), window, new NativeLong(0), Pointer.NULL);
        image = shm.XShmCreateImage(
                x11.display(), x11.visual(), x11.depth(), X11.Z_PIXMAP, Pointer.NULL, segment, width, height);
        X11.C memory = X11.memory();
        int id = memory.shmget(0, new NativeLong((long) X11.stride(image) * height + 64), OWNER_ONLY);
        Pointer address = memory.shmat(id, Pointer.NULL, 0);
        if (id < 0 || Pointer.nativeValue(address) == -1) {
            throw new IllegalStateException("no shared memory for a picture of " + width + "x" + height);
        }
        segment.setInt(8, id);
        segment.setPointer(16, address);
        image.setPointer(16, address);
        shm.XShmAttach(x11.display(), segment);
        x11.x().XSync(x11.display(), 0);
        memory.shmctl(id, REMOVE, Pointer.NULL);
        scaler = swscale.sws_getContext(
                width,
                height,
                avutil.AV_PIX_FMT_YUV420P,
                width,
                height,
                avutil.AV_PIX_FMT_BGRA,
                swscale.SWS_POINT,
                null,
                null,
                (DoublePointer) null);
        to.put(0, new Raw(Pointer.nativeValue(address)));
        toStrides.put(0, X11.stride(image));
    }

    /** Converts the I420 picture into the shared image and puts it on the screen; returns when the server has drawn it. */
    void show(HostSurface surface) {
        for (int plane = 0; plane < 3; plane++) {
            from.put(plane, new Raw(surface.planes().get(plane).memory().address()));
            fromStrides.put(plane, surface.planes().get(plane).strideBytes());
        }
        swscale.sws_scale(scaler, from, fromStrides, 0, height, to, toStrides);
        shm.XShmPutImage(x11.display(), window, gc, image, 0, 0, 0, 0, width, height, 0);
        x11.x().XSync(x11.display(), 0);
    }

    /** An address that belongs to somebody else. */
    private static final class Raw extends org.bytedeco.javacpp.Pointer {
        Raw(long nativeAddress) {
            super((org.bytedeco.javacpp.Pointer) null);
            address = nativeAddress;
        }
    }
}
