// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.x11;

import com.sun.jna.Library;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.nvremote.capture.CaptureError;
import io.nvremote.lib.x11.X11;
import org.jspecify.annotations.Nullable;

/** Wall: the functions of Xlib and its extensions that capture uses, and of the C library for shared memory and waiting. */
record X11Library(Xlib x11, Xext xext, Xfixes xfixes, Xdamage xdamage, C c) {

    private static final X11 X = new X11(CaptureError.SOURCE_UNAVAILABLE);

    /** Opens the libraries; {@link CaptureError#SOURCE_UNAVAILABLE} names the Debian package of a missing one. */
    static X11Library load() {
        return new X11Library(
                X.xlib(Xlib.class),
                X.load("libXext.so.6", "libxext6", Xext.class),
                X.load("libXfixes.so.3", "libxfixes3", Xfixes.class),
                X.load("libXdamage.so.1", "libxdamage1", Xdamage.class),
                X.load("libc.so.6", "libc6", C.class));
    }

    /** Connects to a display; empty for that of the environment. */
    Pointer connect(String name) {
        return X.connect(x11, name);
    }

    /** Xlib. */
    @SuppressWarnings("MemberName")
    interface Xlib extends X11.Xlib {
        int XDefaultScreen(Pointer display);

        NativeLong XRootWindow(Pointer display, int screen);

        Pointer XDefaultVisual(Pointer display, int screen);

        int XDefaultDepth(Pointer display, int screen);

        int XDisplayWidth(Pointer display, int screen);

        int XDisplayHeight(Pointer display, int screen);

        int XSelectInput(Pointer display, NativeLong window, NativeLong mask);

        int XPending(Pointer display);

        int XNextEvent(Pointer display, Pointer event);

        int XSync(Pointer display, int discard);

        int XQueryPointer(
                Pointer display,
                NativeLong window,
                Pointer root,
                Pointer child,
                IntByReference rootX,
                IntByReference rootY,
                IntByReference x,
                IntByReference y,
                IntByReference mask);

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

        int XFree(Pointer data);
    }

    /** MIT-SHM. */
    @SuppressWarnings("MemberName")
    interface Xext extends Library {
        int XShmQueryExtension(Pointer display);

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

        int XShmDetach(Pointer display, Pointer info);

        int XShmGetImage(Pointer display, NativeLong drawable, Pointer image, int x, int y, NativeLong planes);
    }

    /** XFIXES. */
    @SuppressWarnings("MemberName")
    interface Xfixes extends Library {
        int XFixesQueryExtension(Pointer display, IntByReference events, IntByReference errors);

        void XFixesSelectCursorInput(Pointer display, NativeLong window, NativeLong mask);

        @Nullable
        Pointer XFixesGetCursorImage(Pointer display);

        NativeLong XFixesCreateRegion(Pointer display, Pointer rectangles, int count);

        @Nullable
        Pointer XFixesFetchRegion(Pointer display, NativeLong region, IntByReference count);
    }

    /** DAMAGE. */
    @SuppressWarnings("MemberName")
    interface Xdamage extends Library {
        int XDamageQueryExtension(Pointer display, IntByReference events, IntByReference errors);

        NativeLong XDamageCreate(Pointer display, NativeLong drawable, int level);

        void XDamageSubtract(Pointer display, NativeLong damage, NativeLong repair, NativeLong parts);
    }

    /** The C library. */
    interface C extends Library {
        int shmget(int key, NativeLong size, int flags);

        Pointer shmat(int id, Pointer address, int flags);

        int shmdt(Pointer address);

        int shmctl(int id, int command, Pointer buffer);

        int eventfd(int initial, int flags);

        int ppoll(Pointer descriptors, NativeLong count, Pointer timeout, Pointer signals);

        NativeLong read(int descriptor, Pointer buffer, NativeLong bytes);

        NativeLong write(int descriptor, Pointer buffer, NativeLong bytes);

        int close(int descriptor);
    }
}
