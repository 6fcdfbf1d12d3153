// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.glass;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import io.nvremote.tests.bench.LacksPeer;
import org.jspecify.annotations.Nullable;

/** Wall: the few functions of Xlib that draw, watch and show. One connection belongs to one thread. */
final class X11 implements AutoCloseable {

    static final int Z_PIXMAP = 2;
    static final NativeLong ALL_PLANES = new NativeLong(-1);

    private final Xlib x;
    private final Pointer display;

    private X11(Xlib x, Pointer display) {
        this.x = x;
        this.display = display;
    }

    static X11 open(String name) {
        Xlib library;
        try {
            library = Native.load("libX11.so.6", Xlib.class);
        } catch (UnsatisfiedLinkError e) {
            throw new LacksPeer("libX11.so.6", "libx11-6", e);
        }
        Pointer display = library.XOpenDisplay(name);
        if (display == null) {
            throw new IllegalStateException("the X server " + name + " does not answer");
        }
        // Xlib ends the process when its server goes, unless told otherwise; any harmless function will do.
        Function harmless = NativeLibrary.getInstance("libX11.so.6").getFunction("XConnectionNumber");
        library.XSetIOErrorHandler(harmless);
        library.XSetIOErrorExitHandler(display, harmless, Pointer.NULL);
        return new X11(library, display);
    }

    static Xext shm() {
        try {
            return Native.load("libXext.so.6", Xext.class);
        } catch (UnsatisfiedLinkError e) {
            throw new LacksPeer("libXext.so.6", "libxext6", e);
        }
    }

    static C memory() {
        return Native.load("libc.so.6", C.class);
    }

    Xlib x() {
        return x;
    }

    Pointer display() {
        return display;
    }

    NativeLong root() {
        return x.XDefaultRootWindow(display);
    }

    Pointer visual() {
        return x.XDefaultVisual(display, 0);
    }

    int depth() {
        return x.XDefaultDepth(display, 0);
    }

    /** A window at the top left corner, mapped. */
    NativeLong window(int width, int height) {
        NativeLong black = new NativeLong(0);
        NativeLong window = x.XCreateSimpleWindow(display, root(), 0, 0, width, height, 0, black, black);
        x.XMapRaised(display, window);
        x.XSync(display, 0);
        return window;
    }

    /** The image's pixels: {@code XImage.data}. */
    static Pointer data(Pointer image) {
        return image.getPointer(16);
    }

    /** Distance of two rows: {@code XImage.bytes_per_line}. */
    static int stride(Pointer image) {
        return image.getInt(44);
    }

    @Override
    public void close() {
        x.XCloseDisplay(display);
    }

    /** {@code XShmSegmentInfo}: id of the server, id of the kernel, address, read-only flag. */
    static Memory segmentInfo() {
        Memory info = new Memory(32);
        info.clear();
        return info;
    }

    /** Xlib. */
    @SuppressWarnings("MemberName")
    interface Xlib extends Library {
        Pointer XOpenDisplay(String name);

        int XCloseDisplay(Pointer display);

        Pointer XSetIOErrorHandler(Pointer handler);

        void XSetIOErrorExitHandler(Pointer display, Pointer handler, Pointer data);

        NativeLong XDefaultRootWindow(Pointer display);

        Pointer XDefaultVisual(Pointer display, int screen);

        int XDefaultDepth(Pointer display, int screen);

        NativeLong XCreateSimpleWindow(
                Pointer display,
                NativeLong parent,
                int x,
                int y,
                int width,
                int height,
                int border,
                NativeLong borderColour,
                NativeLong background);

        int XMapRaised(Pointer display, NativeLong window);

        NativeLong XCreatePixmap(Pointer display, NativeLong drawable, int width, int height, int depth);

        Pointer XCreateGC(Pointer display, NativeLong drawable, NativeLong mask, Pointer values);

        int XSetForeground(Pointer display, Pointer gc, NativeLong colour);

        int XFillRectangle(Pointer display, NativeLong drawable, Pointer gc, int x, int y, int width, int height);

        int XCopyArea(
                Pointer display,
                NativeLong from,
                NativeLong to,
                Pointer gc,
                int x,
                int y,
                int width,
                int height,
                int toX,
                int toY);

        @Nullable
        Pointer XGetImage(
                Pointer display,
                NativeLong drawable,
                int x,
                int y,
                int width,
                int height,
                NativeLong planes,
                int format);

        int XDestroyImage(Pointer image);

        int XFlush(Pointer display);

        int XSync(Pointer display, int discard);
    }

    /** MIT-SHM. */
    @SuppressWarnings("MemberName")
    interface Xext extends Library {
        Pointer XShmCreateImage(
                Pointer display,
                Pointer visual,
                int depth,
                int format,
                Pointer data,
                Pointer info,
                int width,
                int height);

        int XShmAttach(Pointer display, Pointer info);

        int XShmPutImage(
                Pointer display,
                NativeLong drawable,
                Pointer gc,
                Pointer image,
                int x,
                int y,
                int toX,
                int toY,
                int width,
                int height,
                int sendEvent);
    }

    /** The C library. */
    interface C extends Library {
        int shmget(int key, NativeLong size, int flags);

        Pointer shmat(int id, Pointer address, int flags);

        int shmctl(int id, int command, Pointer buffer);
    }
}
