// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli.gpu;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.nvremote.media.Frame;
import io.nvremote.media.FrameSink;
import io.nvremote.media.HostSurface;
import io.nvremote.testcard.TestcardReader;

/** How near decoded pictures are to the card that was drawn last. For one thread. */
final class PictureMeter implements FrameSink {

    private static final int PEAK = 255;

    private final Cards cards;
    private long samples;
    private double squares;
    private int readable;

    PictureMeter(Cards cards) {
        this.cards = cards;
    }

    @Override
    public void accept(Frame frame) {
        HostSurface seen = frame.host();
        HostSurface drawn = cards.surface();
        if (seen.size().equals(drawn.size())
                && TestcardReader.read(seen)
                        .filter(mark -> mark.number() == (int) frame.sequence())
                        .isPresent()) {
            readable++;
        }
        HostSurface.Plane luma = seen.planes().getFirst();
        HostSurface.Plane pixels = drawn.planes().getFirst();
        int width = Math.min(seen.size().width(), drawn.size().width());
        int height = Math.min(seen.size().height(), drawn.size().height());
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int is = luma.memory().get(JAVA_BYTE, (long) y * luma.strideBytes() + x) & 0xFF;
                int was = Bt709.luma(pixels.memory().get(JAVA_INT, (long) y * pixels.strideBytes() + 4L * x));
                squares += (double) (is - was) * (is - was);
            }
        }
        samples += (long) width * height;
    }

    /** Cards whose number was read. */
    int readable() {
        return readable;
    }

    /** Of the luma of all pictures together, in dB; 99 where they are equal, 0 where there is none. */
    double psnr() {
        if (samples == 0) {
            return 0;
        }
        return squares == 0 ? 99 : 10 * Math.log10((double) PEAK * PEAK * samples / squares);
    }
}
