// SPDX-License-Identifier: Apache-2.0
package io.nvremote.input.x11;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.util.HashSet;
import java.util.Set;

/** Monitors of a real X server that a desktop has named, without an output behind them (RandR 1.5). For one thread. */
final class Monitors implements AutoCloseable {

    private final Xlib x11 = Native.load("libX11.so.6", Xlib.class);
    private final Xrandr xrandr = Native.load("libXrandr.so.2", Xrandr.class);
    private final Pointer display;
    private final NativeLong root;
    private final Set<NativeLong> made = new HashSet<>();

    Monitors(String name) {
        display = x11.XOpenDisplay(name);
        root = x11.XDefaultRootWindow(display);
    }

    /** Makes it, or moves it. */
    void set(String name, int x, int y, int width, int height) {
        NativeLong atom = x11.XInternAtom(display, name, 0);
        if (!made.add(atom)) {
            xrandr.XRRDeleteMonitor(display, root, atom);
        }
        Pointer monitor = xrandr.XRRAllocateMonitor(display, 0);
        monitor.setNativeLong(0, atom);
        monitor.setInt(20, x);
        monitor.setInt(24, y);
        monitor.setInt(28, width);
        monitor.setInt(32, height);
        monitor.setInt(36, width / 4);
        monitor.setInt(40, height / 4);
        xrandr.XRRSetMonitor(display, root, monitor);
        x11.XFree(monitor);
        x11.XSync(display, 0);
    }

    @Override
    public void close() {
        made.forEach(atom -> xrandr.XRRDeleteMonitor(display, root, atom));
        x11.XCloseDisplay(display);
    }

    /** Xlib. */
    @SuppressWarnings("MemberName")
    interface Xlib extends Library {
        Pointer XOpenDisplay(String name);

        NativeLong XDefaultRootWindow(Pointer display);

        NativeLong XInternAtom(Pointer display, String name, int onlyIfExists);

        int XSync(Pointer display, int discard);

        int XFree(Pointer data);

        int XCloseDisplay(Pointer display);
    }

    /** RandR. */
    @SuppressWarnings("MemberName")
    interface Xrandr extends Library {
        Pointer XRRAllocateMonitor(Pointer display, int outputs);

        void XRRSetMonitor(Pointer display, NativeLong window, Pointer monitor);

        void XRRDeleteMonitor(Pointer display, NativeLong window, NativeLong name);
    }
}
