package io.nvremote.encode.software;

import io.nvremote.core.*;
import io.nvremote.decode.DecoderSession;
import io.nvremote.decode.software.SoftwareDecoder;
import io.nvremote.encode.*;
import io.nvremote.media.*;
import io.nvremote.tck.TestcardFrames;
import io.nvremote.wrap.ffmpeg.Ffmpeg;
import org.junit.jupiter.api.Test;

class ScratchTest {
    @Test
    @SuppressWarnings("SystemOut")
    void x() {
        EncodeSpec spec = new EncodeSpec(Codec.H264, new Size(640, 360), new FrameRate(60), Bitrate.ofMegabits(4));
        try (TestcardFrames cards = new TestcardFrames(spec.size());
                SoftwareDevice device = new SoftwareDevice(new SoftwareSettings(2, 8), Clock.system());
                DecoderSession decoder = SoftwareDecoder.standalone().open(Codec.H264, frame -> {});
                EncoderSession session = device.open(spec, unit -> {
                    StringBuilder b = new StringBuilder();
                    for (int i = 0; i + 4 < unit.data().limit(); i++) {
                        if (unit.data().get(i) == 0 && unit.data().get(i + 1) == 0 && unit.data().get(i + 2) == 1) {
                            b.append(" ").append(unit.data().get(i + 3) & 31).append("@").append(i);
                        }
                    }
                    System.out.println(unit.data().remaining() + b.toString());
                    System.out.println(decoder.decode(unit) + " " + Ffmpeg.reason(-11));
                })) {
            for (int i = 0; i < 3; i++) {
                session.encode(cards.next(), false);
            }
        }
    }
}
