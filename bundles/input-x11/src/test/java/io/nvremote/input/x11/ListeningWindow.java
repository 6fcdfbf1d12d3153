// SPDX-License-Identifier: Apache-2.0
package io.nvremote.input.x11;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.NativeLongByReference;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Another program on the screen: one window over all of it that notes what it is told and turns green at a key press. */
final class ListeningWindow implements AutoCloseable {

    static final int GREEN = 0x00C000;

    /**
     * What the window was told: type 2 key down, 3 key up, 4 button down, 5 button up, 6 motion; code, then place, then
     * what the key means to a program, and the modifiers.
     */
    record Heard(int type, int code, int x, int y, long symbol, int modifiers) {}

    @SuppressWarnings("MemberName")
    interface Client extends Library {
        Client X11 = Native.load("libX11.so.6", Client.class);

        int XInitThreads();

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

        int XSelectInput(Pointer display, NativeLong window, NativeLong mask);

        int XMapRaised(Pointer display, NativeLong window);

        int XSetWindowBackground(Pointer display, NativeLong window, NativeLong colour);

        int XClearWindow(Pointer display, NativeLong window);

        int XPending(Pointer display);

        int XAutoRepeatOn(Pointer display);

        int XRefreshKeyboardMapping(Pointer event);

        int XLookupString(Pointer event, Pointer text, int size, NativeLongByReference symbol, Pointer status);

        int XNextEvent(Pointer display, Pointer event);

        int XSync(Pointer display, int discard);

        int XCloseDisplay(Pointer display);
    }

    private static final long KEYS_BUTTONS_MOTION_EXPOSURE = 1 | 2 | 4 | 8 | 0x40 | 0x8000;
    private static final int EXPOSE = 12;
    private static final int MAPPING = 34;

    private final Pointer display;
    private final NativeLong window;
    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    private final Thread listener;
    private volatile boolean closing;
    private volatile boolean exposed;

    ListeningWindow(String name) throws InterruptedException {
        Client.X11.XInitThreads();
        display = Client.X11.XOpenDisplay(name);
        NativeLong root = Client.X11.XDefaultRootWindow(display);
        NativeLong black = new NativeLong(0);
        window = Client.X11.XCreateSimpleWindow(display, root, 0, 0, 1280, 720, 0, black, black);
        Client.X11.XSelectInput(display, window, new NativeLong(KEYS_BUTTONS_MOTION_EXPOSURE));
        Client.X11.XMapRaised(display, window);
        Client.X11.XSync(display, 0);
        listener = Thread.ofPlatform().name("listening-window").start(this::listen);
        while (!exposed) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private void listen() {
        try (Memory event = new Memory(192)) {
            while (!closing) {
                while (Client.X11.XPending(display) > 0) {
                    Client.X11.XNextEvent(display, event);
                    note(event);
                }
                TimeUnit.MILLISECONDS.sleep(2);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void note(Memory event) {
        int type = event.getInt(0);
        if (type == EXPOSE) {
            exposed = true;
        } else if (type == MAPPING) {
            Client.X11.XRefreshKeyboardMapping(event);
        } else if (type >= 2 && type <= 6) {
            NativeLongByReference symbol = new NativeLongByReference();
            if (type <= 3) {
                Client.X11.XLookupString(event, Pointer.NULL, 0, symbol, Pointer.NULL);
            }
            heard.add(new Heard(
                    type,
                    type == 6 ? 0 : event.getInt(84),
                    event.getInt(64),
                    event.getInt(68),
                    symbol.getValue().longValue(),
                    event.getInt(80)));
        }
        if (type == 2) {
            Client.X11.XSetWindowBackground(display, window, new NativeLong(GREEN));
            Client.X11.XClearWindow(display, window);
            Client.X11.XSync(display, 0);
        }
    }

    /** The next thing heard, or null after ten seconds. */
    Heard next() throws InterruptedException {
        return heard.poll(10, TimeUnit.SECONDS);
    }

    /** As desktops do when they start or a keyboard is plugged in. */
    void repeatOnAllKeyboards() {
        Client.X11.XAutoRepeatOn(display);
        Client.X11.XSync(display, 0);
    }

    int left() {
        return heard.size();
    }

    @Override
    public void close() {
        closing = true;
        boolean interrupted = false;
        try {
            listener.join();
        } catch (InterruptedException e) {
            interrupted = true;
        }
        Client.X11.XCloseDisplay(display);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
