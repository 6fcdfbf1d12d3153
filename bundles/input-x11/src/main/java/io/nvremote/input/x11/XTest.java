// SPDX-License-Identifier: Apache-2.0
package io.nvremote.input.x11;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.nvremote.core.DisplayName;
import io.nvremote.core.StreamException;
import io.nvremote.input.InputError;
import io.nvremote.lib.x11.X11;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Wall: one connection to an X server with XTEST. Not safe for several threads at once. */
final class XTest {

    private static final X11 X = new X11(InputError.INPUT_UNAVAILABLE);
    private static final short POLLERR_OR_POLLHUP = 0x18;
    private static final NativeLong NOW = new NativeLong(0);

    /**
     * Held while a connection begins to use extensions and while one ends. libXi keeps one list of its connections for the process; it is
     * taken apart with the last of them, without regard to a thread that is adding one: that one writes through a null pointer.
     */
    private static final ReentrantLock CONNECTIONS = new ReentrantLock();

    private final Xlib x11;
    private final Xtst xtst;
    private final C c;
    private final Pointer display;
    private final NativeLong root;
    private final XKeyboard keyboard;
    private final @Nullable XOutput output;
    private final Memory poll = new Memory(8);
    private final Memory window = new Memory(8);
    private final IntByReference unused = new IntByReference();
    private final IntByReference width = new IntByReference();
    private final IntByReference height = new IntByReference();

    private XTest(Xlib x11, Xtst xtst, C c, Pointer display, XKeyboard keyboard, @Nullable XOutput output) {
        this.output = output;
        this.x11 = x11;
        this.xtst = xtst;
        this.c = c;
        this.display = display;
        this.keyboard = keyboard;
        root = x11.XDefaultRootWindow(display);
        poll.clear();
        poll.setInt(0, x11.XConnectionNumber(display));
    }

    /** Connects to {@code name}, or to the environment's DISPLAY if it is empty; the pointer goes to its output alone if it names one. */
    static XTest open(DisplayName name) {
        Xlib x11 = X.xlib(Xlib.class);
        Xtst xtst = X.load("libXtst.so.6", "libxtst6", Xtst.class);
        C c = X.load("libc.so.6", "libc6", C.class);
        XKeyboard.XkbLib xkb = X.load("libX11.so.6", "libx11-6", XKeyboard.XkbLib.class);
        XKeyboard.XiLib xi = X.load("libXi.so.6", "libxi6", XKeyboard.XiLib.class);
        Pointer display = X.connect(x11, name.screen());
        CONNECTIONS.lock();
        try {
            IntByReference out = new IntByReference();
            if (xtst.XTestQueryExtension(display, out, out, out, out) == 0) {
                throw new StreamException(InputError.INPUT_UNAVAILABLE, "the X server has no extension XTEST");
            }
            XOutput output = name.output().isEmpty() ? null : XOutput.open(x11, display, name.output());
            return new XTest(x11, xtst, c, display, XKeyboard.open(xkb, xi, display), output);
        } catch (StreamException e) {
            x11.XCloseDisplay(display);
            throw e;
        } finally {
            CONNECTIONS.unlock();
        }
    }

    /**
     * Whether the server has closed its end. Nothing may be asked for any more then: requests that can't be sent stay in
     * Xlib's buffer, and when that is full libXtst writes through a null pointer.
     */
    boolean serverGone() {
        c.poll(poll, new NativeLong(1), 0);
        return (poll.getShort(6) & POLLERR_OR_POLLHUP) != 0;
    }

    XKeyboard keyboard() {
        return keyboard;
    }

    void key(int code, boolean down) {
        xtst.XTestFakeKeyEvent(display, code, down ? 1 : 0, NOW);
    }

    void button(int number, boolean down) {
        xtst.XTestFakeButtonEvent(display, number, down ? 1 : 0, NOW);
    }

    /**
     * Moves to a pixel, 0 the first and 65535 the last of the screen or its output, whose size is asked for each time since it may
     * change.
     */
    void pointerTo(int x65535, int y65535) {
        XOutput.Area area = output == null ? wholeScreen() : output.area();
        if (area != null) {
            int x = area.x() + pixel(x65535, area.width());
            int y = area.y() + pixel(y65535, area.height());
            xtst.XTestFakeMotionEvent(display, -1, x, y, NOW);
        }
    }

    private XOutput.@Nullable Area wholeScreen() {
        int known = x11.XGetGeometry(display, root, window, unused, unused, width, height, unused, unused);
        return known == 0 ? null : new XOutput.Area(0, 0, width.getValue(), height.getValue());
    }

    /** The nearest pixel; exact for what the page sends while picture and screen have the same size. */
    static int pixel(int part65535, int pixels) {
        return (int) (((long) part65535 * (pixels - 1) * 2 + 65535) / (2 * 65535));
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
        CONNECTIONS.lock();
        try {
            x11.XCloseDisplay(display);
        } finally {
            CONNECTIONS.unlock();
        }
    }

    /** Xlib. */
    @SuppressWarnings("MemberName")
    interface Xlib extends X11.Xlib {
        NativeLong XDefaultRootWindow(Pointer display);

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

        NativeLong XInternAtom(Pointer display, String name, int onlyIfExists);
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
