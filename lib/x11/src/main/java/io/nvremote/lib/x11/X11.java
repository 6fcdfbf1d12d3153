// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.x11;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.nvremote.core.ErrorCode;
import io.nvremote.core.StreamException;
import org.jspecify.annotations.Nullable;

/**
 * Loads Xlib and its extensions and connects to a display; what is missing is said under the user's own error code.
 *
 * <p>Xlib ends the process when it loses its server, and on any protocol error, unless told otherwise. What it is told
 * lives as long as the process, longer than a bundle may; so the handlers are no Java callbacks, which would dangle,
 * but functions of Xlib itself that take a display first: {@code XConnectionNumber}, which has no effect, and
 * {@code XUnlockDisplay} where a thread that lost its server is asked to exit. Since 1.8 that thread holds the display's
 * user lock by then, for exit handlers of the process ({@code _XIOError} in {@code XlibInt.c}); as it goes on, it has to
 * let go, or every other thread of the display waits for ever. Without that lock the call has no effect either.
 *
 * @param unavailable what a missing library or server is to the user
 */
public record X11(ErrorCode unavailable) {

    private static final String NAME = "libX11.so.6";

    /** The functions of Xlib that a user needs go into an interface that extends this one. */
    @SuppressWarnings("MemberName")
    public interface Xlib extends Library {
        int XInitThreads();

        Pointer XSetErrorHandler(Pointer handler);

        Pointer XSetIOErrorHandler(Pointer handler);

        void XSetIOErrorExitHandler(Pointer display, Pointer handler, Pointer data);

        @Nullable
        Pointer XOpenDisplay(@Nullable String name);

        int XCloseDisplay(Pointer display);

        int XConnectionNumber(Pointer display);
    }

    /** Xlib, with threads, and with errors that end nothing. */
    public <L extends Xlib> L xlib(Class<L> type) {
        L x11 = load(NAME, "libx11-6", type);
        x11.XInitThreads();
        Function harmless = function("XConnectionNumber");
        x11.XSetErrorHandler(harmless);
        x11.XSetIOErrorHandler(harmless);
        return x11;
    }

    /** Any library of the system; a missing one is named with its Debian package. */
    public <L extends Library> L load(String name, String debianPackage, Class<L> type) {
        try {
            return Native.load(name, type);
        } catch (LinkageError e) {
            throw new StreamException(unavailable, name + " can't be loaded: install " + debianPackage, e);
        }
    }

    /**
     * Connects to a display, so that its loss leaves the process alive.
     *
     * @param name as in DISPLAY; empty for that of the environment
     */
    public Pointer connect(Xlib x11, String name) {
        Pointer display = x11.XOpenDisplay(name.isEmpty() ? null : name);
        if (display == null) {
            throw new StreamException(
                    unavailable,
                    "no X server answers at " + (name.isEmpty() ? "DISPLAY=" + System.getenv("DISPLAY") : name)
                            + "; is it running, and is XAUTHORITY right?");
        }
        try {
            x11.XSetIOErrorExitHandler(display, function("XUnlockDisplay"), Pointer.NULL);
        } catch (UnsatisfiedLinkError e) {
            x11.XCloseDisplay(display);
            throw new StreamException(
                    unavailable,
                    "libX11 is older than 1.7 and would end this process with its X server: install a newer libx11-6",
                    e);
        }
        return display;
    }

    private static Function function(String name) {
        return NativeLibrary.getInstance(NAME).getFunction(name);
    }
}
