package io.nvremote.encode.software;

import com.sun.management.OperatingSystemMXBean;
import io.nvremote.core.*;
import io.nvremote.decode.DecoderSession;
import io.nvremote.decode.software.SoftwareDecoder;
import io.nvremote.encode.*;
import io.nvremote.media.*;
import io.nvremote.tck.TestcardFrames;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

@SuppressWarnings({"SystemOut", "all"})
class ScratchTest {
    static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    @Test
    void x() {
        for (int threads : new int[] {1, 1, 2}) {
            EncodeSpec spec = new EncodeSpec(Codec.H264, new Size(1280, 720), new FrameRate(60), Bitrate.ofMegabits(8));
            long[] t = new long[6];
            try (TestcardFrames cards = new TestcardFrames(spec.size());
                    SoftwareDevice device = new SoftwareDevice(new SoftwareSettings(threads, 8), Clock.system());
                    DecoderSession decoder = SoftwareDecoder.standalone().open(Codec.H264, frame -> {});
                    EncoderSession session = device.open(spec, unit -> {
                        t[0] += unit.stamps().convertedNanos() - unit.stamps().capturedNanos();
                        t[1] += unit.stamps().encodedNanos() - unit.stamps().convertedNanos();
                        long a = System.nanoTime();
                        long c = cpu();
                        decoder.decode(unit);
                        t[5] += cpu() - c;
                        t[2] += System.nanoTime() - a;
                        t[3] += unit.data().remaining();
                    })) {
                int n = 600;
                long paint = 0;
                long total = 0;
                for (int i = 0; i < n; i++) {
                    if (i == 100) {
                        java.util.Arrays.fill(t, 0);
                        paint = 0;
                        total = cpu();
                    }
                    long c = cpu();
                    Frame f = cards.next();
                    paint += cpu() - c;
                    session.encode(f, false);
                }
                total = cpu() - total;
                int m = n - 100;
                System.out.printf(
                        "FIG threads %d: wall ms convert %.2f encode %.2f decode %.2f | cpu ms paint %.2f decode %.2f total %.2f => convert+encode %.2f | bytes/frame %d%n",
                        threads, t[0] / 1e6 / m, t[1] / 1e6 / m, t[2] / 1e6 / m, paint / 1e6 / m, t[5] / 1e6 / m,
                        total / 1e6 / m, (total - paint - t[5]) / 1e6 / m, t[3] / m);
            }
        }
    }
}
