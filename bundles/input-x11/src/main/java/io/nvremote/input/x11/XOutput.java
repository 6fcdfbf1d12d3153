// SPDX-License-Identifier: Apache-2.0
package io.nvremote.input.x11;

import com.sun.jna.Library;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.nvremote.core.StreamException;
import io.nvremote.input.InputError;
import io.nvremote.lib.x11.X11;
import org.jspecify.annotations.Nullable;

/**
 * Wall: one output of an X screen by its name, as RandR 1.5 has it among its monitors ({@code XRRGetMonitors(3)}). Where it lies is asked
 * each time, since it may be moved. For the thread of its connection.
 */
final class XOutput {

    /** A part of the screen, in pixels. */
    record Area(int x, int y, int width, int height) {}

    private static final X11 X = new X11(InputError.INPUT_UNAVAILABLE);
    private static final int MONITOR_BYTES = 56;
    private static final int ACTIVE = 1;

    private final Xrandr xrandr;
    private final Pointer display;
    private final NativeLong root;
    private final NativeLong name;
    private final IntByReference count = new IntByReference();

    private XOutput(Xrandr xrandr, Pointer display, NativeLong root, NativeLong name) {
        this.xrandr = xrandr;
        this.display = display;
        this.root = root;
        this.name = name;
    }

    /** @throws StreamException {@link InputError#INPUT_UNAVAILABLE} if the screen has no such output */
    static XOutput open(XTest.Xlib x11, Pointer display, String name) {
        Xrandr xrandr = X.load("libXrandr.so.2", "libxrandr2", Xrandr.class);
        XOutput output = new XOutput(
                xrandr,
                display,
                x11.XDefaultRootWindow(display),
                x11.XInternAtom(display, name, /* onlyIfExists= */ 1));
        if (output.area() == null) {
            throw new StreamException(InputError.INPUT_UNAVAILABLE, "the screen has no output " + name);
        }
        return output;
    }

    /** Null while it is not there. */
    @Nullable
    Area area() {
        Pointer monitors = xrandr.XRRGetMonitors(display, root, ACTIVE, count);
        if (monitors == null) {
            return null;
        }
        try {
            for (int i = 0; i < count.getValue(); i++) {
                long at = (long) i * MONITOR_BYTES;
                if (monitors.getNativeLong(at).equals(name)) {
                    return new Area(
                            monitors.getInt(at + 20),
                            monitors.getInt(at + 24),
                            monitors.getInt(at + 28),
                            monitors.getInt(at + 32));
                }
            }
            return null;
        } finally {
            xrandr.XRRFreeMonitors(monitors);
        }
    }

    /** RandR. */
    @SuppressWarnings("MemberName")
    interface Xrandr extends Library {
        @Nullable
        Pointer XRRGetMonitors(Pointer display, NativeLong window, int active, IntByReference count);

        void XRRFreeMonitors(Pointer monitors);
    }
}
