// SPDX-License-Identifier: Apache-2.0
package io.nvremote.input.x11;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.nvremote.core.StreamException;
import io.nvremote.input.InputError;
import org.jspecify.annotations.Nullable;

/**
 * Wall: one connection to an X server with XTEST. Not safe for several threads at once.
 *
 * <p>Xlib ends the process when it loses its server, and on any protocol error, unless told otherwise. What it is told
 * lives as long as the process, longer than this bundle may; so the handlers are no Java callbacks, which would dangle,
 * but functions of Xlib itself that take a display first: {@code XConnectionNumber}, which has no effect, and
 * {@code XUnlockDisplay} where a thread that lost its server is asked to exit. Since 1.8 that thread holds the display's
 * user lock by then, for exit handlers of the process ({@code _XIOError} in {@code XlibInt.c}); as it goes on, it has to
 * let go, or every other thread of the display waits for ever. Without that lock the call has no effect either.
 */
final class XTest {

    private static final String X11_NAME = "libX11.so.6";
    private static final short POLLERR_OR_POLLHUP = 0x18;
    private static final NativeLong NOW = new NativeLong(0);

    private final Xlib x11;
    private final Xtst xtst;
    private final C c;
    private final Pointer display;
    private final NativeLong root;
    private final Memory poll = new Memory(8);
    private final Memory window = new Memory(8);
    private final IntByReference unused = new IntByReference();
    private final IntByReference width = new IntByReference();
    private final IntByReference height = new IntByReference();

    private XTest(Xlib x11, Xtst xtst, C c, Pointer display) {
        this.x11 = x11;
        this.xtst = xtst;
        this.c = c;
        this.display = display;
        root = x11.XDefaultRootWindow(display);
        poll.clear();
        poll.setInt(0, x11.XConnectionNumber(display));
    }

    /** Connects to {@code name}, or to the environment's DISPLAY if it is empty. */
    static XTest open(String name) {
        Xlib x11 = load(X11_NAME, "libx11-6", Xlib.class);
        Xtst xtst = load("libXtst.so.6", "libxtst6", Xtst.class);
        C c = load("libc.so.6", "libc6", C.class);
        NativeLibrary functions = NativeLibrary.getInstance(X11_NAME);
        Function harmless = functions.getFunction("XConnectionNumber");
        x11.XInitThreads();
        x11.XSetErrorHandler(harmless);
        x11.XSetIOErrorHandler(harmless);
        Pointer display = x11.XOpenDisplay(name.isEmpty() ? null : name);
        if (display == null) {
            throw unavailable(
                    "no X server answers at " + (name.isEmpty() ? "DISPLAY=" + System.getenv("DISPLAY") : name)
                            + "; is it running, and is XAUTHORITY right?");
        }
        try {
            x11.XSetIOErrorExitHandler(display, functions.getFunction("XUnlockDisplay"), Pointer.NULL);
        } catch (UnsatisfiedLinkError e) {
            x11.XCloseDisplay(display);
            throw unavailable(
                    "libX11 is older than 1.7 and would end this process with its X server: install a newer libx11-6");
        }
        IntByReference out = new IntByReference();
        if (xtst.XTestQueryExtension(display, out, out, out, out) == 0) {
            x11.XCloseDisplay(display);
            throw unavailable("the X server has no extension XTEST");
        }
        return new XTest(x11, xtst, c, display);
    }

    private static <L extends Library> L load(String name, String debianPackage, Class<L> type) {
        try {
            return Native.load(name, type);
        } catch (LinkageError e) {
            throw new StreamException(
                    InputError.INPUT_UNAVAILABLE, name + " can't be loaded: install " + debianPackage, e);
        }
    }

    private static StreamException unavailable(String why) {
        return new StreamException(InputError.INPUT_UNAVAILABLE, why);
    }

    /**
     * Whether the server has closed its end. Nothing may be asked for any more then: requests that can't be sent stay in
     * Xlib's buffer, and when that is full libXtst writes through a null pointer.
     */
    boolean serverGone() {
        c.poll(poll, new NativeLong(1), 0);
        return (poll.getShort(6) & POLLERR_OR_POLLHUP) != 0;
    }

    void key(int code, boolean down) {
        xtst.XTestFakeKeyEvent(display, code, down ? 1 : 0, NOW);
    }

    void button(int number, boolean down) {
        xtst.XTestFakeButtonEvent(display, number, down ? 1 : 0, NOW);
    }

    /** Moves to a place in 1/65535 of the screen, whose size is asked for each time since it may change. */
    void pointerTo(int x65535, int y65535) {
        int known = x11.XGetGeometry(display, root, window, unused, unused, width, height, unused, unused);
        if (known != 0) {
            int x = (int) ((long) x65535 * (width.getValue() - 1) / 65535);
            int y = (int) ((long) y65535 * (height.getValue() - 1) / 65535);
            xtst.XTestFakeMotionEvent(display, -1, x, y, NOW);
        }
    }

    void pointerBy(int dx, int dy) {
        xtst.XTestFakeRelativeMotionEvent(display, dx, dy, NOW);
    }

    /** Sends what was asked for. No events are selected, so none come back to be read. */
    void flush() {
        x11.XFlush(display);
    }

    /** Sends what was asked for and ends the connection; also right when the server is gone. */
    void close() {
        x11.XCloseDisplay(display);
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

        NativeLong XDefaultRootWindow(Pointer display);

        int XConnectionNumber(Pointer display);

        int XGetGeometry(
                Pointer display,
                NativeLong drawable,
                Pointer root,
                IntByReference x,
                IntByReference y,
                IntByReference width,
                IntByReference height,
                IntByReference border,
                IntByReference depth);

        int XFlush(Pointer display);
    }

    /** XTEST. */
    @SuppressWarnings("MemberName")
    interface Xtst extends Library {
        int XTestQueryExtension(
                Pointer display,
                IntByReference event,
                IntByReference error,
                IntByReference major,
                IntByReference minor);

        int XTestFakeKeyEvent(Pointer display, int keycode, int press, NativeLong delay);

        int XTestFakeButtonEvent(Pointer display, int button, int press, NativeLong delay);

        int XTestFakeMotionEvent(Pointer display, int screen, int x, int y, NativeLong delay);

        int XTestFakeRelativeMotionEvent(Pointer display, int dx, int dy, NativeLong delay);
    }

    /** The C library. */
    interface C extends Library {
        int poll(Pointer descriptors, NativeLong count, int timeoutMillis);
    }
}
