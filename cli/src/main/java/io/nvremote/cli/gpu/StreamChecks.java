// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli.gpu;

import io.nvremote.cli.gpu.Finding.Outcome;
import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;
import io.nvremote.decode.DecoderSession;
import io.nvremote.decode.DecoderSession.Decoded;
import io.nvremote.decode.software.SoftwareDecoder;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.Codec;
import io.nvremote.media.Size;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** A second or three of test cards in one codec, 720p60 at 8 Mbit/s. */
final class StreamChecks {

    private static final Size SIZE = new Size(1280, 720);
    private static final FrameRate RATE = new FrameRate(60);
    private static final Bitrate BITRATE = Bitrate.ofMegabits(8);
    private static final Bitrate LOWER = Bitrate.ofMegabits(3);
    private static final int SECOND = RATE.perSecond();
    private static final double LEAST_PSNR = 35;
    private static final int MOST_KEY_FRAME = 4;
    /** How far a second may be above its rate. */
    private static final double MARGIN = 1.25;

    private final CheckMachine machine;
    private final Codec codec;

    StreamChecks(CheckMachine machine, Codec codec) {
        this.machine = machine;
        this.codec = codec;
    }

    private OpenEncoder encoder() {
        return OpenEncoder.of(machine, codec);
    }

    private EncodeSpec spec() {
        return EncodeSpec.of(codec, SIZE, RATE, BITRATE);
    }

    /** What the project's own decoder makes of it, against what was drawn. */
    Outcome pictures() {
        AtomicInteger undecoded = new AtomicInteger();
        try (OpenEncoder encoder = encoder();
                Cards cards = new Cards(SIZE, false)) {
            PictureMeter meter = new PictureMeter(cards);
            try (DecoderSession decoder = SoftwareDecoder.standalone().open(codec, meter);
                    EncoderSession session = encoder.encoder().open(spec(), unit -> {
                        if (decoder.decode(unit) != Decoded.PICTURE) {
                            undecoded.incrementAndGet();
                        }
                    })) {
                for (int i = 0; i < SECOND; i++) {
                    session.encode(cards.next(), false);
                }
            }
            boolean whole = undecoded.get() == 0 && meter.readable() == SECOND;
            return Outcome.passIf(
                            whole && meter.psnr() >= LEAST_PSNR,
                            whole
                                    ? String.format(
                                            Locale.ROOT, "PSNR %.1f dB, at least %.0f", meter.psnr(), LEAST_PSNR)
                                    : "of " + SECOND + " cards " + meter.readable() + " were read, " + undecoded
                                            + " not decoded")
                    .with("PSNR dB", String.format(Locale.ROOT, "%.1f", meter.psnr()));
        }
    }

    /** With snow, so that all pictures take the rate that there is: beside pictures at rest any key frame is large. */
    Outcome keyFrame() {
        CodedUnits units = new CodedUnits();
        int asked = SECOND / 2;
        try (OpenEncoder encoder = encoder();
                Cards cards = new Cards(SIZE, true);
                EncoderSession session = encoder.encoder().open(spec(), units)) {
            for (int i = 0; i < SECOND; i++) {
                session.encode(cards.next(), i == asked);
            }
        }
        if (units.count() != SECOND
                || units.keyFrames().size() != 2
                || units.keyFrames().getLast() != asked) {
            return Outcome.fail("key frames at 0 and " + asked + " of " + SECOND + " were asked for: "
                    + units.keyFrames() + " of " + units.count());
        }
        double ratio = units.bytes(asked, asked + 1) / units.meanBytes();
        return Outcome.passIf(
                ratio <= MOST_KEY_FRAME,
                String.format(Locale.ROOT, "a key frame is %.1f mean pictures, at most %d", ratio, MOST_KEY_FRAME));
    }

    /** Another rate while the pictures go on, in force within a second and without a key frame. */
    Outcome rate() {
        CodedUnits units = new CodedUnits();
        try (OpenEncoder encoder = encoder();
                Cards cards = new Cards(SIZE, true);
                EncoderSession session = encoder.encoder().open(spec(), units)) {
            for (int i = 0; i < 3 * SECOND; i++) {
                if (i == SECOND) {
                    session.retarget(LOWER);
                }
                session.encode(cards.next(), false);
            }
        }
        if (units.keyFrames().size() != 1) {
            return Outcome.fail("another rate made key frames: " + units.keyFrames());
        }
        double before = units.bytes(0, SECOND) * 8 / 1e6;
        double after = units.bytes(2 * SECOND, 3 * SECOND) * 8 / 1e6;
        return Outcome.passIf(
                after * 1e6 <= LOWER.bitsPerSecond() * MARGIN,
                String.format(
                        Locale.ROOT, "%.2f Mbit/s a second after it was set to %s, %.2f before", after, LOWER, before));
    }
}
