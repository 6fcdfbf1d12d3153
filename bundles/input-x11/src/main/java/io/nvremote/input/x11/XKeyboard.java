// SPDX-License-Identifier: Apache-2.0
package io.nvremote.input.x11;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.nvremote.core.StreamException;
import io.nvremote.input.InputError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Wall: the XTEST keyboard of an X server as a device, through the XKB and XInput extensions. What XTEST injects comes
 * from a keyboard of its own that has its own layout, its own key repeat and lock state; the core keyboard takes on each
 * time what the device has that was used last. Not safe for several threads at once.
 */
final class XKeyboard {

    private static final int CORE_KEYBOARD = 0x100;
    private static final int ALL_DEVICES = 0;
    private static final int MASTER_KEYBOARD = 2;
    private static final int SLAVE_KEYBOARD = 4;
    private static final int DEVICE_INFO_BYTES = 40;
    private static final NativeLong REPEAT_KEYS = new NativeLong(1);
    private static final NativeLong ENABLED_CONTROLS = new NativeLong(1L << 31);
    private static final NativeLong NOTHING = new NativeLong(0);
    private static final int ALL_OF_A_MAP = 0xFF;
    private static final int MODIFIER_MAP = 4;

    /** Layout of XkbDescRec and its parts (X11/extensions/XKBstr.h) and of XKeyboardState (X11/Xlib.h) on 64 bits. */
    private static final int DESC_DEVICE = 10;

    private static final int DESC_LAST_KEY = 13;
    private static final int DESC_CONTROLS = 16;
    private static final int CONTROLS_ENABLED = 12;
    private static final int STATE_REPEATS = 24;
    private static final int DESC_MAP = 32;
    private static final int MAP_COUNT = 18;
    private static final int MAP_SYMBOLS = 24;
    private static final int MAP_KEYS = 32;
    private static final int MAP_MODIFIERS = 40;

    private final XkbLib xkb;
    private final XiLib xi;
    private final Pointer display;
    private final int device;
    private final IntByReference first = new IntByReference();
    private final IntByReference last = new IntByReference();
    private final Memory state = new Memory(64);
    private int realLayout;

    private XKeyboard(XkbLib xkb, XiLib xi, Pointer display) {
        this.xkb = xkb;
        this.xi = xi;
        this.display = display;
        List<Keyboard> keyboards = keyboards();
        this.device = keyboards.stream()
                .filter(k -> k.name().endsWith("XTEST keyboard"))
                .map(Keyboard::id)
                .findFirst()
                .orElseThrow(
                        () -> new StreamException(InputError.INPUT_UNAVAILABLE, "the X server has no XTEST keyboard"));
        xkb.XDisplayKeycodes(display, first, last);
    }

    private record Keyboard(int id, String name) {}

    /** @throws StreamException {@link InputError#INPUT_UNAVAILABLE} if the server lacks what is needed */
    static XKeyboard open(XkbLib xkb, XiLib xi, Pointer display) {
        IntByReference out = new IntByReference();
        IntByReference major = new IntByReference(2);
        IntByReference minor = new IntByReference(0);
        if (xkb.XkbQueryExtension(display, out, out, out, new IntByReference(1), new IntByReference(0)) == 0) {
            throw new StreamException(InputError.INPUT_UNAVAILABLE, "the X server has no extension XKEYBOARD");
        }
        if (xkb.XQueryExtension(display, "XInputExtension", out, out, out) == 0
                || xi.XIQueryVersion(display, major, minor) != 0) {
            throw new StreamException(InputError.INPUT_UNAVAILABLE, "the X server has no XInput 2");
        }
        return new XKeyboard(xkb, xi, display);
    }

    /** The keyboards of the first seat, in the server's order. */
    private List<Keyboard> keyboards() {
        IntByReference count = new IntByReference();
        Pointer all = xi.XIQueryDevice(display, ALL_DEVICES, count);
        List<Keyboard> found = new ArrayList<>();
        if (all == null) {
            return found;
        }
        int seat = -1;
        for (int i = 0; i < count.getValue(); i++) {
            Pointer info = all.share((long) i * DEVICE_INFO_BYTES);
            int use = info.getInt(16);
            if (use == MASTER_KEYBOARD && seat < 0) {
                seat = info.getInt(0);
            } else if (use == SLAVE_KEYBOARD && info.getInt(20) == seat) {
                found.add(new Keyboard(info.getInt(0), info.getPointer(8).getString(0)));
            }
        }
        xi.XIFreeDeviceInfo(all);
        return found;
    }

    /**
     * No key of ours is repeated by the server; other keyboards keep their repeat. Said again before each key, since
     * desktops turn it on for all keyboards at once whenever they like. The core keyboard has taken that on then and
     * keeps it as long as ours is the one in use: it is turned off there, which reaches all, and given back to the others.
     */
    void neverRepeat() {
        xkb.XkbChangeEnabledControls(display, device, REPEAT_KEYS, NOTHING);
        xkb.XGetKeyboardControl(display, state);
        if (state.getInt(STATE_REPEATS) == 0) {
            return;
        }
        List<Integer> repeating = keyboards().stream()
                .map(Keyboard::id)
                .filter(id -> id != device && repeats(id))
                .toList();
        xkb.XkbChangeEnabledControls(display, CORE_KEYBOARD, REPEAT_KEYS, NOTHING);
        repeating.forEach(id -> xkb.XkbChangeEnabledControls(display, id, REPEAT_KEYS, REPEAT_KEYS));
    }

    private boolean repeats(int keyboard) {
        Pointer desc = xkb.XkbGetMap(display, MODIFIER_MAP, keyboard);
        if (desc == null) {
            return false;
        }
        boolean on = xkb.XkbGetControls(display, ENABLED_CONTROLS, desc) == 0
                && (desc.getPointer(DESC_CONTROLS).getInt(CONTROLS_ENABLED) & 1) != 0;
        xkb.XkbFreeKeyboard(desc, 0, 1);
        return on;
    }

    /**
     * Gives our keyboard the layout of the seat's real one if that is another and has changed since the last look: Debian
     * sets layouts per device, and ours is none that its rules know. Whoever sets a layout on ours alone keeps it.
     */
    void followLayout() {
        List<Keyboard> real = keyboards().stream().filter(k -> k.id() != device).toList();
        if (real.isEmpty()) {
            return;
        }
        // Buttons of the case come first and have the same layout by the same rules; the last is the one people type
        // on.
        Pointer theirs = xkb.XkbGetMap(display, ALL_OF_A_MAP, real.getLast().id());
        if (theirs == null) {
            return;
        }
        int layout = fingerprint(theirs);
        if (layout != realLayout && layout != ownLayout()) {
            theirs.setShort(DESC_DEVICE, (short) device);
            xkb.XkbSetMap(display, ALL_OF_A_MAP, theirs);
        }
        realLayout = layout;
        xkb.XkbFreeKeyboard(theirs, 0, 1);
    }

    private int ownLayout() {
        Pointer own = xkb.XkbGetMap(display, ALL_OF_A_MAP, device);
        if (own == null) {
            return 0;
        }
        int layout = fingerprint(own);
        xkb.XkbFreeKeyboard(own, 0, 1);
        return layout;
    }

    private static int fingerprint(Pointer desc) {
        int keys = Byte.toUnsignedInt(desc.getByte(DESC_LAST_KEY)) + 1;
        Pointer map = desc.getPointer(DESC_MAP);
        int symbols = Short.toUnsignedInt(map.getShort(MAP_COUNT));
        int hash = Arrays.hashCode(map.getPointer(MAP_SYMBOLS).getLongArray(0, symbols));
        hash = 31 * hash + Arrays.hashCode(map.getPointer(MAP_KEYS).getLongArray(0, keys));
        return 31 * hash + Arrays.hashCode(map.getPointer(MAP_MODIFIERS).getByteArray(0, keys));
    }

    /**
     * The modifiers that this key locks now, as the layout has it: none if the key was given another meaning.
     *
     * @param symbol what the key must mean: Caps_Lock, Num_Lock
     */
    int lockedBy(int keycode, long symbol) {
        IntByReference width = new IntByReference();
        Pointer symbols = xkb.XGetKeyboardMapping(display, (byte) keycode, 1, width);
        boolean meant = false;
        if (symbols != null) {
            for (long s : symbols.getLongArray(0, width.getValue())) {
                meant |= s == symbol;
            }
            xkb.XFree(symbols);
        }
        Pointer modifiers = meant ? xkb.XGetModifierMapping(display) : null;
        if (modifiers == null) {
            return 0;
        }
        int each = modifiers.getInt(0);
        byte[] codes = modifiers.getPointer(8).getByteArray(0, 8 * each);
        int mask = 0;
        for (int i = 0; i < codes.length; i++) {
            mask |= Byte.toUnsignedInt(codes[i]) == keycode ? 1 << (i / each) : 0;
        }
        xkb.XFreeModifiermap(modifiers);
        return mask;
    }

    /** Locks or unlocks modifiers on every keyboard of the seat. */
    void lock(int modifiers, boolean on) {
        xkb.XkbLockModifiers(display, CORE_KEYBOARD, modifiers, on ? modifiers : 0);
    }

    /** Keycodes that mean nothing in the layout: free to carry what no key has. */
    int[] spareKeycodes() {
        int from = first.getValue();
        int count = last.getValue() - from + 1;
        IntByReference width = new IntByReference();
        Pointer symbols = xkb.XGetKeyboardMapping(display, (byte) from, count, width);
        if (symbols == null) {
            return new int[0];
        }
        long[] all = symbols.getLongArray(0, count * width.getValue());
        xkb.XFree(symbols);
        int each = width.getValue();
        return java.util.stream.IntStream.range(0, count)
                .filter(k -> Arrays.stream(all, k * each, (k + 1) * each).allMatch(s -> s == 0))
                .map(k -> k + from)
                .toArray();
    }

    /** Gives a keycode this meaning with and without Shift; 0 takes it away. */
    void mean(int keycode, long symbol) {
        xkb.XChangeKeyboardMapping(
                display, keycode, 2, new NativeLong[] {new NativeLong(symbol), new NativeLong(symbol)}, 1);
    }

    /** Keyboards in libX11. */
    @SuppressWarnings("MemberName")
    interface XkbLib extends Library {
        int XkbQueryExtension(
                Pointer display,
                IntByReference opcode,
                IntByReference event,
                IntByReference error,
                IntByReference major,
                IntByReference minor);

        int XQueryExtension(
                Pointer display, String name, IntByReference opcode, IntByReference event, IntByReference error);

        int XkbChangeEnabledControls(Pointer display, int device, NativeLong affect, NativeLong values);

        int XkbGetControls(Pointer display, NativeLong which, Pointer desc);

        int XGetKeyboardControl(Pointer display, Pointer state);

        int XkbLockModifiers(Pointer display, int device, int affect, int values);

        Pointer XkbGetMap(Pointer display, int which, int device);

        int XkbSetMap(Pointer display, int which, Pointer desc);

        void XkbFreeKeyboard(Pointer desc, int which, int all);

        int XDisplayKeycodes(Pointer display, IntByReference first, IntByReference last);

        Pointer XGetKeyboardMapping(Pointer display, byte first, int count, IntByReference width);

        int XChangeKeyboardMapping(Pointer display, int first, int width, NativeLong[] symbols, int count);

        Pointer XGetModifierMapping(Pointer display);

        int XFreeModifiermap(Pointer map);

        int XFree(Pointer data);
    }

    /** XInput 2. */
    @SuppressWarnings("MemberName")
    interface XiLib extends Library {
        int XIQueryVersion(Pointer display, IntByReference major, IntByReference minor);

        Pointer XIQueryDevice(Pointer display, int device, IntByReference count);

        void XIFreeDeviceInfo(Pointer all);
    }
}
