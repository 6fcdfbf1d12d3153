// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli.gpu;

import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.capture.nvfbc.NvfbcBody;
import io.nvremote.capture.nvfbc.NvfbcProbe;
import io.nvremote.capture.x11.X11Body;
import io.nvremote.cli.gpu.Finding.Outcome;
import io.nvremote.core.FrameRate;
import io.nvremote.media.HostSurface;
import io.nvremote.media.Size;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

/** NvFBC, without an X server and with one. */
final class CaptureChecks {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** A screen that changes gives pairs of pictures that differ. */
    private static final int TRIES = 20;

    private final CheckMachine machine;

    CaptureChecks(CheckMachine machine) {
        this.machine = machine;
    }

    Outcome instance() {
        NvfbcProbe probe = new NvfbcProbe(machine.capture());
        int functions = probe.functions();
        return probe.refusesAnotherVersion()
                ? Outcome.pass(functions + " functions are there, and another version is refused with status 1")
                : Outcome.fail("a version that it does not speak is not refused with status 1");
    }

    /** What NvFBC shows of the screen, against what X11 says that it is. */
    Outcome pixels() {
        new NvfbcProbe(machine.capture()).functions(); // there is one
        String display = System.getenv("DISPLAY");
        if (display == null || display.isBlank()) {
            throw new NotProven("no X server: set DISPLAY to a screen on the GPU, and XAUTHORITY where it asks for it");
        }
        CaptureSpec spec = new CaptureSpec(display, new Size(1280, 720), new FrameRate(60));
        CaptureSource nvfbc = new NvfbcBody().make(machine.capture());
        CaptureSource x11 = new X11Body().make(Map.of());
        int fewest = Integer.MAX_VALUE;
        boolean shows = false;
        try (CaptureSession driver = nvfbc.open(spec);
                CaptureSession server = x11.open(spec)) {
            for (int i = 0; i < TRIES && fewest > 0; i++) {
                int[] shown = pixels(driver);
                shows = Arrays.stream(shown).distinct().limit(2).count() == 2;
                fewest = Math.min(fewest, different(shown, pixels(server)));
            }
        }
        if (!shows) {
            throw new NotProven("the screen is of one colour: have something shown on it");
        }
        return Outcome.passIf(
                fewest == 0,
                fewest == 0
                        ? "NvFBC's picture is X11's, pixel by pixel"
                        : "in " + TRIES + " tries NvFBC's picture was not X11's: " + fewest
                                + " pixels at best; let nothing move on the screen meanwhile");
    }

    private static int different(int[] one, int[] other) {
        if (one.length != other.length) {
            return Math.max(one.length, other.length);
        }
        int count = 0;
        for (int i = 0; i < one.length; i++) {
            count += one[i] == other[i] ? 0 : 1;
        }
        return count;
    }

    /** The screen as it is now, without what is not seen of a pixel. */
    private static int[] pixels(CaptureSession session) {
        int[][] taken = {{}};
        session.refresh();
        session.grab(PATIENCE, frame -> taken[0] = pixels(frame.host()));
        return taken[0];
    }

    private static int[] pixels(HostSurface surface) {
        HostSurface.Plane plane = surface.planes().getFirst();
        int width = surface.size().width();
        int[] out = new int[width * surface.size().height()];
        for (int i = 0; i < out.length; i++) {
            long at = (long) (i / width) * plane.strideBytes() + 4L * (i % width);
            out[i] = plane.memory().get(ValueLayout.JAVA_INT_UNALIGNED, at) & 0xFFFFFF;
        }
        return out;
    }
}
