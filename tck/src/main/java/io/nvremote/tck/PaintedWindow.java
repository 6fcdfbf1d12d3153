// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tck;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;

/** Another program on the screen: one window over all of it, in one colour. For one thread at a time. */
public final class PaintedWindow implements AutoCloseable {

    @SuppressWarnings("MemberName")
    interface Client extends Library {
        Client X11 = Native.load("libX11.so.6", Client.class);

        Pointer XOpenDisplay(String name);

        NativeLong XDefaultRootWindow(Pointer display);

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

        int XSetWindowBackground(Pointer display, NativeLong window, NativeLong colour);

        int XClearWindow(Pointer display, NativeLong window);

        int XClearArea(Pointer display, NativeLong window, int x, int y, int width, int height, int exposures);

        int XWarpPointer(
                Pointer display, NativeLong from, NativeLong to, int x, int y, int width, int height, int toX, int toY);

        int XCreateFontCursor(Pointer display, int shape);

        int XDefineCursor(Pointer display, NativeLong window, NativeLong cursor);

        int XSync(Pointer display, int discard);

        int XCloseDisplay(Pointer display);
    }

    @SuppressWarnings("MemberName")
    interface Randr extends Library {
        Randr XRANDR = Native.load("libXrandr.so.2", Randr.class);

        Pointer XRRGetScreenResources(Pointer display, NativeLong window);

        int XRRSetCrtcConfig(
                Pointer display,
                Pointer resources,
                NativeLong crtc,
                NativeLong time,
                int x,
                int y,
                NativeLong mode,
                short rotation,
                Pointer outputs,
                int outputCount);

        void XRRSetScreenSize(
                Pointer display, NativeLong window, int width, int height, int millimetresWide, int millimetresHigh);
    }

    private final Pointer display;
    private final NativeLong window;

    public PaintedWindow(String name) {
        display = Client.X11.XOpenDisplay(name);
        NativeLong root = Client.X11.XDefaultRootWindow(display);
        NativeLong black = new NativeLong(0);
        window = Client.X11.XCreateSimpleWindow(display, root, 0, 0, 4000, 4000, 0, black, black);
        Client.X11.XMapRaised(display, window);
        Client.X11.XSync(display, 0);
    }

    public void paint(int rgb) {
        Client.X11.XSetWindowBackground(display, window, new NativeLong(rgb));
        Client.X11.XClearWindow(display, window);
        Client.X11.XSync(display, 0);
    }

    /** Paints one rectangle. */
    public void paint(int rgb, int x, int y, int width, int height) {
        Client.X11.XSetWindowBackground(display, window, new NativeLong(rgb));
        Client.X11.XClearArea(display, window, x, y, width, height, 0);
        Client.X11.XSync(display, 0);
    }

    public void movePointer(int x, int y) {
        Client.X11.XWarpPointer(display, new NativeLong(0), Client.X11.XDefaultRootWindow(display), 0, 0, 0, 0, x, y);
        Client.X11.XSync(display, 0);
    }

    /** Shows one of X's standard pointer shapes; 130 is a plus sign, 34 a cross hair. */
    public void showCursor(int shape) {
        Client.X11.XDefineCursor(display, window, new NativeLong(Client.X11.XCreateFontCursor(display, shape)));
        Client.X11.XSync(display, 0);
    }

    /** Gives the whole screen another size, as a user's display settings would. */
    public void resizeScreen(int width, int height) {
        NativeLong root = Client.X11.XDefaultRootWindow(display);
        NativeLong none = new NativeLong(0);
        Pointer resources = Randr.XRANDR.XRRGetScreenResources(display, root);
        NativeLong crtc = new NativeLong(resources.getPointer(24).getLong(0));
        Randr.XRANDR.XRRSetCrtcConfig(display, resources, crtc, none, 0, 0, none, (short) 1, Pointer.NULL, 0);
        Randr.XRANDR.XRRSetScreenSize(display, root, width, height, 200, 150);
        Client.X11.XSync(display, 0);
    }

    @Override
    public void close() {
        Client.X11.XCloseDisplay(display);
    }
}
