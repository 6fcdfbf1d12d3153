// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli.gpu;

import io.nvremote.cli.gpu.Finding.Outcome;
import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.core.FrameRate;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.Codec;
import io.nvremote.media.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How much a GPU's encoder takes: pictures in time, streams at once. */
final class LoadChecks {

    private static final FrameRate RATE = new FrameRate(60);
    private static final int WARM_UP = 30;
    private static final int PICTURES = 300;
    /** More are not tried: some GPUs have no limit but their memory. */
    private static final int MOST_SESSIONS = 32;

    private final CheckMachine machine;

    LoadChecks(CheckMachine machine) {
        this.machine = machine;
    }

    private static EncodeSpec spec(int width, int height) {
        return EncodeSpec.of(Codec.H264, new Size(width, height), RATE, Bitrate.ofMegabits(20));
    }

    /** From a picture in the host's memory to its unit. */
    Outcome speed(int width, int height) {
        long[] nanos = new long[PICTURES];
        Clock clock = Clock.system();
        try (OpenEncoder encoder = OpenEncoder.of(machine, Codec.H264)) {
            machine.onlyAGpuShows("its pictures are encoded by the CPU");
            try (Cards cards = new Cards(new Size(width, height), true);
                    EncoderSession session = encoder.encoder().open(spec(width, height), new CodedUnits())) {
                for (int i = -WARM_UP; i < PICTURES; i++) {
                    var card = cards.next();
                    long begin = clock.nanos();
                    session.encode(card, false);
                    nanos[Math.max(i, 0)] = clock.nanos() - begin;
                }
            }
        }
        Arrays.sort(nanos);
        double p99 = nanos[PICTURES * 99 / 100] / 1e6;
        double most = 1000.0 / RATE.perSecond();
        return Outcome.passIf(
                p99 <= most,
                String.format(
                        Locale.ROOT,
                        "p50 %.2f ms, p99 %.2f ms, upload included; at most %.1f",
                        nanos[PICTURES / 2] / 1e6,
                        p99,
                        most));
    }

    /** Streams until the driver takes no more, the reserve included; then all are given back, and there is room again. */
    Outcome sessions() {
        List<EncoderSession> open = new ArrayList<>();
        String refusal = "";
        try (OpenEncoder encoder = OpenEncoder.of(machine, Codec.H264)) {
            EncodeSpec small = spec(640, 360);
            try {
                while (open.size() < MOST_SESSIONS && refusal.isEmpty()) {
                    try {
                        open.add(encoder.encoder().takeOver(small, new CodedUnits()));
                    } catch (StreamException e) {
                        if (open.isEmpty() || e.code() != EncodeError.DEVICE_FULL) {
                            throw e;
                        }
                        refusal = String.valueOf(e.getMessage());
                    }
                }
            } finally {
                open.forEach(EncoderSession::close);
            }
            encoder.encoder().open(small, new CodedUnits()).close();
        }
        return Outcome.pass(open.size() + " at once, "
                        + (refusal.isEmpty() ? "none refused" : "the next is refused: " + refusal)
                        + "; room again when they were closed")
                .with("sessions", open.size());
    }
}
