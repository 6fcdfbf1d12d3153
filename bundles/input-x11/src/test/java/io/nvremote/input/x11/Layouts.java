// SPDX-License-Identifier: Apache-2.0
package io.nvremote.input.x11;

import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Sets keyboard layouts with the tools that people have: setxkbmap for all keyboards, xkbcomp for one. */
final class Layouts {

    private Layouts() {}

    static void onCore(String display, String layout) throws IOException, InterruptedException {
        run("setxkbmap -display " + display + " " + layout);
    }

    /** As the rules of Debian's X server do for each keyboard that is plugged in. */
    static void onRealKeyboard(String display, String layout) throws IOException, InterruptedException {
        run("setxkbmap -display " + display + " " + layout + " -print | xkbcomp -w0 -i "
                + keyboard(display, "Xvfb keyboard") + " - " + display);
    }

    private static void run(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", command)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + ": " + said);
        }
    }

    /** Whether the server repeats keys of this keyboard. */
    static boolean repeats(String name, String keyboard) {
        XKeyboard.XkbLib xkb = Native.load("libX11.so.6", XKeyboard.XkbLib.class);
        Pointer display = ListeningWindow.Client.X11.XOpenDisplay(name);
        Pointer desc = xkb.XkbGetMap(display, 4, keyboard(name, keyboard));
        xkb.XkbGetControls(display, new NativeLong(1L << 31), desc);
        boolean on = (desc.getPointer(16).getInt(12) & 1) != 0;
        ListeningWindow.Client.X11.XCloseDisplay(display);
        return on;
    }

    private static int keyboard(String name, String suffix) {
        ListeningWindow.Client x11 = ListeningWindow.Client.X11;
        XKeyboard.XiLib xi = Native.load("libXi.so.6", XKeyboard.XiLib.class);
        Pointer display = x11.XOpenDisplay(name);
        xi.XIQueryVersion(display, new IntByReference(2), new IntByReference(0));
        IntByReference count = new IntByReference();
        Pointer all = xi.XIQueryDevice(display, 0, count);
        Map<String, Integer> found = new TreeMap<>();
        for (int i = 0; i < count.getValue(); i++) {
            found.put(all.getPointer(i * 40L + 8).getString(0), all.getInt(i * 40L));
        }
        xi.XIFreeDeviceInfo(all);
        x11.XCloseDisplay(display);
        return found.entrySet().stream()
                .filter(e -> e.getKey().endsWith(suffix))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(found.toString()))
                .getValue();
    }
}
