// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.x11;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.nvremote.capture.CaptureError;
import io.nvremote.core.StreamException;
import org.jspecify.annotations.Nullable;

/**
 * Wall: the functions of Xlib and its extensions that capture uses, and of the C library for shared memory and waiting.
 *
 * <p>Xlib ends the process when it loses its server, and on any protocol error, unless told otherwise. What it is told
 * lives as long as the process, longer than this bundle may; so the handlers are no Java callbacks, which would dangle,
 * but functions of Xlib itself that take a display first: {@code XConnectionNumber}, which has no effect, and
 * {@code XUnlockDisplay} where a thread that lost its server is asked to exit. Since 1.8 that thread holds the display's
 * user lock by then, for exit handlers of the process ({@code _XIOError} in {@code XlibInt.c}); as it goes on, it has to
 * let go, or every other thread of the display waits for ever. Without that lock the call has no effect either.
 */
record X11Library(Xlib x11, Xext xext, Xfixes xfixes, Xdamage xdamage, C c) {

    /** Opens the libraries; {@link CaptureError#SOURCE_UNAVAILABLE} names the Debian package of a missing one. */
    static X11Library load() {
        Xlib x11 = load("libX11.so.6", "libx11-6", Xlib.class);
        X11Library library = new X11Library(
                x11,
                load("libXext.so.6", "libxext6", Xext.class),
                load("libXfixes.so.3", "libxfixes3", Xfixes.class),
                load("libXdamage.so.1", "libxdamage1", Xdamage.class),
                load("libc.so.6", "libc6", C.class));
        x11.XInitThreads();
        Function harmless = function("XConnectionNumber");
        x11.XSetErrorHandler(harmless);
        x11.XSetIOErrorHandler(harmless);
        return library;
    }

    private static <L extends Library> L load(String name, String debianPackage, Class<L> type) {
        try {
            return Native.load(name, type);
        } catch (LinkageError e) {
            throw new StreamException(
                    CaptureError.SOURCE_UNAVAILABLE, name + " can't be loaded: install " + debianPackage, e);
        }
    }

    /** Keeps the process alive when the display's server is gone. Older Xlibs have no such switch. */
    void surviveLossOf(Pointer display) {
        try {
            x11.XSetIOErrorExitHandler(display, function("XUnlockDisplay"), Pointer.NULL);
        } catch (UnsatisfiedLinkError e) {
            x11.XCloseDisplay(display);
            throw new StreamException(
                    CaptureError.SOURCE_UNAVAILABLE,
                    "libX11 is older than 1.7 and would end this process with its X server: install a newer libx11-6",
                    e);
        }
    }

    private static Function function(String name) {
        return NativeLibrary.getInstance("libX11.so.6").getFunction(name);
    }

    /** Xlib. */
    @SuppressWarnings("MemberName")
    interface Xlib extends Library {
        int XInitThreads();

        Pointer XSetErrorHandler(Pointer handler);

        Pointer XSetIOErrorHandler(Pointer handler);

        void XSetIOErrorExitHandler(Pointer display, Pointer handler, Pointer data);

        Pointer XOpenDisplay(@Nullable String name);

        int XCloseDisplay(Pointer display);

        int XDefaultScreen(Pointer display);

        NativeLong XRootWindow(Pointer display, int screen);

        Pointer XDefaultVisual(Pointer display, int screen);

        int XDefaultDepth(Pointer display, int screen);

        int XDisplayWidth(Pointer display, int screen);

        int XDisplayHeight(Pointer display, int screen);

        int XConnectionNumber(Pointer display);

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
