// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.x11;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.nvremote.capture.CaptureError;
import io.nvremote.capture.Cursor;
import io.nvremote.core.DisplayName;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.lib.capture.CursorShape;
import io.nvremote.media.Size;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wall: one connection to one X server. All calls into Xlib happen under this object's lock; waiting happens outside it,
 * in {@link Waker}.
 *
 * <p>Xlib can't be used for long without its server: requests that can't be sent stay in its buffer, and when that is
 * full the request functions of the extensions write through a null pointer ({@code _XGetRequest} in {@code XlibInt.c}
 * gives none). So {@link #changed}, which comes before each {@link #shoot}, and {@link #cursor} look first whether the
 * server is still there; the few requests in between fit.
 */
final class X11Screen {

    private static final Logger LOG = LoggerFactory.getLogger(X11Screen.class);

    /** One on loan, one retained, one to draw. */
    private static final int IMAGES = 3;

    private static final int DAMAGE_REPORT_NON_EMPTY = 3;
    private static final int CONFIGURE_NOTIFY = 22;
    private static final int XFIXES_CURSOR_NOTIFY = 1;
    /** {@code XRectangle}: x and y signed, width and height unsigned, 16 bits each. */
    private static final int RECTANGLE_BYTES = 8;

    private static final long STRUCTURE_NOTIFY_MASK = 1L << 17;
    private static final long CURSOR_NOTIFY_MASK = 1;
    private static final NativeLong NONE = new NativeLong(0);

    private final X11Library library;
    private final Pointer display;
    private final NativeLong root;
    private final Pointer visual;
    private final int depth;
    private final Waker waker;
    private final Memory event = new Memory(192);
    private final Memory window = new Memory(8);
    private final Memory child = new Memory(8);
    private final IntByReference rectangleCount = new IntByReference();
    private int damageEvent;
    private int cursorEvent;
    private NativeLong damage = NONE;
    private NativeLong parts = NONE;
    /** What was damaged before the latest {@link #shoot}; null: anything may have been. */
    private @Nullable BitSet rows;

    /** The rows of the server's last report don't tell all: the next picture is to be taken as new everywhere. */
    private boolean anywhere = true;

    private Size size;
    private final List<ScreenImage> images = new ArrayList<>();
    private boolean shares;
    private boolean damaged = true;
    private boolean resized;
    private boolean cursorChanged = true;
    private boolean open = true;
    private CursorShape shape = CursorShape.ARROW;

    private X11Screen(X11Library library, Pointer display) {
        this.library = library;
        this.display = display;
        int screen = library.x11().XDefaultScreen(display);
        root = library.x11().XRootWindow(display, screen);
        visual = library.x11().XDefaultVisual(display, screen);
        depth = library.x11().XDefaultDepth(display, screen);
        size = new Size(
                library.x11().XDisplayWidth(display, screen), library.x11().XDisplayHeight(display, screen));
        waker = new Waker(library.c(), library.x11().XConnectionNumber(display));
    }

    /** Connects to {@code name}, or to the environment's DISPLAY if it is empty, with the environment's XAUTHORITY. */
    static X11Screen open(String name) {
        DisplayName named = DisplayName.of(name);
        if (!named.output().isEmpty()) {
            throw new StreamException(
                    CaptureError.SPEC_REFUSED,
                    "whole screens are shown here, not the output " + named.output() + " of one");
        }
        X11Library library = X11Library.load();
        Pointer display = library.connect(name);
        X11Screen screen;
        try {
            screen = new X11Screen(library, display);
        } catch (RuntimeException e) {
            library.x11().XCloseDisplay(display);
            throw e;
        }
        try {
            screen.start();
        } catch (RuntimeException e) {
            screen.close();
            throw e;
        }
        return screen;
    }

    private synchronized void start() {
        IntByReference errors = new IntByReference();
        IntByReference events = new IntByReference();
        require(library.xdamage().XDamageQueryExtension(display, events, errors), "DAMAGE");
        damageEvent = events.getValue();
        require(library.xfixes().XFixesQueryExtension(display, events, errors), "XFIXES");
        cursorEvent = events.getValue() + XFIXES_CURSOR_NOTIFY;
        library.x11().XSelectInput(display, root, new NativeLong(STRUCTURE_NOTIFY_MASK));
        library.xfixes().XFixesSelectCursorInput(display, root, new NativeLong(CURSOR_NOTIFY_MASK));
        damage = library.xdamage().XDamageCreate(display, root, DAMAGE_REPORT_NON_EMPTY);
        parts = library.xfixes().XFixesCreateRegion(display, Pointer.NULL, 0);
        shares = library.xext().XShmQueryExtension(display) != 0 && sharedMemoryServes();
        makeImages();
        if (!shares) {
            LOG.atInfo().addKeyValue("depth", depth).log("the screen is read the slow way: over the connection");
            if (!images.getFirst().shoot(library, display, root)) {
                throw new StreamException(
                        CaptureError.SOURCE_UNAVAILABLE, "the X server gives no picture of its screen");
            }
        }
    }

    /** Whether a picture arrives in shared memory: not from another machine, nor as another user, nor in other pixels than ours. */
    private boolean sharedMemoryServes() {
        try {
            ShmImage probe = new ShmImage(library, display, visual, depth, size);
            try {
                return probe.shoot(library, display, root);
            } finally {
                probe.free(library, display);
            }
        } catch (StreamException e) {
            LOG.atInfo().addKeyValue(Keys.REASON, e.getMessage()).log("no shared memory with the X server");
            return false;
        }
    }

    private static void require(int present, String extension) {
        if (present == 0) {
            throw new StreamException(CaptureError.SOURCE_UNAVAILABLE, "the X server has no extension " + extension);
        }
    }

    private void makeImages() {
        for (int i = 0; i < IMAGES; i++) {
            images.add(shares ? new ShmImage(library, display, visual, depth, size) : new PlainImage(size));
        }
    }

    Waker waker() {
        return waker;
    }

    private boolean usable() {
        return open && !waker.serverGone();
    }

    /**
     * Takes note of what the server has reported; true if the screen changed since the last {@link #shoot}.
     *
     * @throws StreamException {@link CaptureError#SOURCE_LOST} if the server is gone
     */
    synchronized boolean changed() {
        if (!usable()) {
            throw new StreamException(CaptureError.SOURCE_LOST, "the X server closed the connection");
        }
        drain();
        return damaged;
    }

    private void drain() {
        while (library.x11().XPending(display) > 0) {
            library.x11().XNextEvent(display, event);
            int type = event.getInt(0);
            if (type == damageEvent) {
                damaged = true;
            } else if (type == cursorEvent) {
                cursorChanged = true;
            } else if (type == CONFIGURE_NOTIFY && event.getLong(40) == root.longValue()) {
                Size now = new Size(event.getInt(56), event.getInt(60));
                resized |= !now.equals(size);
                size = now;
            }
        }
        if (resized) {
            resized = false;
            damaged = true;
            anywhere = true;
            freeImages();
            makeImages();
        }
    }

    /**
     * A new picture of the screen, held once; null if all images are retained, or if the server refused, which it does
     * while the screen changes its size.
     */
    synchronized @Nullable ScreenImage shoot() {
        for (ScreenImage image : images) {
            if (image.take()) {
                // First forget the damage, then look: what is drawn in between is reported again.
                library.xdamage().XDamageSubtract(display, damage, NONE, parts);
                damaged = false;
                rows = damagedRows();
                if (image.shoot(library, display, root)) {
                    anywhere = false;
                    return image;
                }
                damaged = true;
                anywhere = true;
                image.release();
                return null;
            }
        }
        return null;
    }

    /** Rows drawn on between the last two pictures; null: perhaps all. What is drawn later is in the next report too. */
    synchronized @Nullable BitSet rows() {
        return rows;
    }

    private @Nullable BitSet damagedRows() {
        Pointer rectangles = library.xfixes().XFixesFetchRegion(display, parts, rectangleCount);
        if (rectangles == null) {
            return null;
        }
        BitSet drawn = new BitSet(size.height());
        for (int i = 0; i < rectangleCount.getValue(); i++) {
            long at = (long) i * RECTANGLE_BYTES;
            int top = Math.max(rectangles.getShort(at + 2), 0);
            int bottom = Math.min(
                    rectangles.getShort(at + 2) + Short.toUnsignedInt(rectangles.getShort(at + 6)), size.height());
            if (top < bottom) {
                drawn.set(top, bottom);
            }
        }
        library.x11().XFree(rectangles);
        return anywhere ? null : drawn;
    }

    /** Pointer shape and place; null if the server does not say, or is gone. */
    synchronized @Nullable Cursor cursor() {
        if (!usable()) {
            return null;
        }
        boolean before = damaged;
        drain();
        if (damaged && !before) {
            waker.wake(); // its event was taken here: the thread that waits for it has to look
        }
        IntByReference x = new IntByReference();
        IntByReference y = new IntByReference();
        IntByReference unused = new IntByReference();
        if (library.x11().XQueryPointer(display, root, window, child, x, y, unused, unused, unused) == 0) {
            return null;
        }
        if (cursorChanged) {
            cursorChanged = false;
            Pointer image = library.xfixes().XFixesGetCursorImage(display);
            shape = CursorShape.of(image);
            if (image != null) {
                library.x11().XFree(image);
            }
        }
        boolean overRoot = child.getLong(0) == 0;
        return shape.shown(overRoot).at(x.getValue(), y.getValue());
    }

    private void freeImages() {
        images.forEach(image -> image.free(library, display));
        images.clear();
    }

    /** Ends the connection. Idempotent. Nobody may be waiting in {@link #waker} any more. */
    synchronized void close() {
        if (open) {
            open = false;
            freeImages();
            library.x11().XCloseDisplay(display);
            waker.close();
        }
    }
}
