// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.nvfbc;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.nvremote.capture.CaptureError;
import io.nvremote.capture.Cursor;
import io.nvremote.core.StreamException;
import io.nvremote.lib.capture.CursorShape;
import io.nvremote.lib.x11.X11;
import org.jspecify.annotations.Nullable;

/** Wall: where the pointer is and what it looks like, over a connection to the environment's X server. Safe for any thread. */
final class XPointer {

    private static final X11 X = new X11(CaptureError.SOURCE_UNAVAILABLE);
    private static final short POLLERR_OR_POLLHUP = 0x18;
    private static final NativeLong CURSOR_NOTIFY_MASK = new NativeLong(1);
    private static final int EVENT_BYTES = 192;

    /** Xlib. */
    @SuppressWarnings("MemberName")
    interface Xlib extends X11.Xlib {
        NativeLong XDefaultRootWindow(Pointer display);

        int XPending(Pointer display);

        int XNextEvent(Pointer display, Pointer event);

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

        int XFree(Pointer data);
    }

    /** XFIXES. */
    @SuppressWarnings("MemberName")
    interface Xfixes extends Library {
        int XFixesQueryExtension(Pointer display, IntByReference events, IntByReference errors);

        void XFixesSelectCursorInput(Pointer display, NativeLong window, NativeLong mask);

        @Nullable
        Pointer XFixesGetCursorImage(Pointer display);
    }

    /** The C library. */
    interface C extends Library {
        int poll(Pointer descriptors, NativeLong count, int milliseconds);
    }

    private final Xlib x11;
    private final Xfixes xfixes;
    private final C c;
    private final Pointer display;
    private final NativeLong root;
    private final Memory event = new Memory(EVENT_BYTES);
    private final Memory window = new Memory(8);
    private final Memory child = new Memory(8);
    /** One {@code struct pollfd} that asks for nothing but errors. */
    private final Memory probe = new Memory(8);

    private CursorShape shape = CursorShape.ARROW;
    private boolean open = true;

    private XPointer(Xlib x11, Xfixes xfixes, C c, Pointer display) {
        this.x11 = x11;
        this.xfixes = xfixes;
        this.c = c;
        this.display = display;
        root = x11.XDefaultRootWindow(display);
        probe.clear();
        probe.setInt(0, x11.XConnectionNumber(display));
    }

    static XPointer open() {
        Xlib x11 = X.xlib(Xlib.class);
        Xfixes xfixes = X.load("libXfixes.so.3", "libxfixes3", Xfixes.class);
        C c = X.load("libc.so.6", "libc6", C.class);
        XPointer pointer = new XPointer(x11, xfixes, c, X.connect(x11, ""));
        IntByReference unused = new IntByReference();
        if (xfixes.XFixesQueryExtension(pointer.display, unused, unused) == 0) {
            pointer.close();
            throw new StreamException(CaptureError.SOURCE_UNAVAILABLE, "the X server has no extension XFIXES");
        }
        xfixes.XFixesSelectCursorInput(pointer.display, pointer.root, CURSOR_NOTIFY_MASK);
        pointer.shape = pointer.read();
        return pointer;
    }

    private CursorShape read() {
        Pointer image = xfixes.XFixesGetCursorImage(display);
        CursorShape read = CursorShape.of(image);
        if (image != null) {
            x11.XFree(image);
        }
        return read;
    }

    /** Null if the server does not say, or is gone: Xlib can't be used for long without one, so that is looked at first. */
    synchronized @Nullable Cursor cursor() {
        if (!open || serverGone()) {
            return null;
        }
        boolean changed = false;
        while (x11.XPending(display) > 0) { // nothing else was asked for than changes of the shape
            x11.XNextEvent(display, event);
            changed = true;
        }
        IntByReference x = new IntByReference();
        IntByReference y = new IntByReference();
        IntByReference unused = new IntByReference();
        if (x11.XQueryPointer(display, root, window, child, x, y, unused, unused, unused) == 0) {
            return null;
        }
        if (changed) {
            shape = read();
        }
        boolean overRoot = child.getLong(0) == 0;
        return shape.shown(overRoot).at(x.getValue(), y.getValue());
    }

    private boolean serverGone() {
        c.poll(probe, new NativeLong(1), 0);
        return (probe.getShort(6) & POLLERR_OR_POLLHUP) != 0;
    }

    /** Idempotent. */
    synchronized void close() {
        if (open) {
            open = false;
            x11.XCloseDisplay(display);
        }
    }
}
