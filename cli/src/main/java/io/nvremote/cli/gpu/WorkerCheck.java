// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli.gpu;

import io.nvremote.cli.gpu.Finding.Outcome;
import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderSession;
import io.nvremote.encode.nvenc.NvencBody;
import io.nvremote.encode.nvenc.NvencProbe;
import io.nvremote.media.Codec;
import io.nvremote.media.Size;
import io.nvremote.media.worker.MediaWorkers;
import io.nvremote.worker.WorkerPlugin;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;

/** An encoder in worker processes, as a host has it, whose processes are killed in mid-stream. */
final class WorkerCheck {

    private static final Size SIZE = new Size(640, 360);
    private static final int PICTURES = 60;
    private static final int KILLED = 30;
    /** Other programs come and go on a GPU too. */
    private static final long MARGIN_BYTES = 64L << 20;

    private final CheckMachine machine;

    WorkerCheck(CheckMachine machine) {
        this.machine = machine;
    }

    Outcome run() throws IOException {
        OpenEncoder.of(machine, Codec.H264).close(); // there is one
        NvencProbe probe = new NvencProbe(machine.encoder());
        String gpu = probe.gpus().keySet().iterator().next();
        long before = probe.freeBytes(gpu);
        CodedUnits units = stream();
        long lost = before - probe.freeBytes(gpu);
        if (units.count() != PICTURES || !units.keyFrames().equals(List.of(0, KILLED))) {
            return Outcome.fail("of " + PICTURES + " pictures " + units.count() + " were coded; key frames "
                    + units.keyFrames() + " where 0 and " + KILLED + " are right");
        }
        String whole = "killed at picture " + KILLED + " of " + PICTURES + ": none lost, a key frame there";
        return machine.fake()
                ? Outcome.pass(whole)
                : Outcome.passIf(
                        lost < MARGIN_BYTES, whole + "; " + (lost >> 20) + " MiB of the GPU's memory less than before");
    }

    /** The one that was started first has the stream; a spare waits beside it. */
    private static ProcessHandle worker() {
        return ProcessHandle.current()
                .children()
                .min(Comparator.comparing((ProcessHandle each) ->
                                each.info().startInstant().orElseThrow())
                        .thenComparing(ProcessHandle::pid))
                .orElseThrow();
    }

    private CodedUnits stream() throws IOException {
        CodedUnits units = new CodedUnits();
        EncodeSpec spec = EncodeSpec.of(Codec.H264, SIZE, new FrameRate(60), Bitrate.ofMegabits(4));
        try (MediaWorkers workers = MediaWorkers.standalone();
                WorkerPlugin<Encoder> plugin = workers.start(Encoder.class, NvencBody.class, machine.encoder());
                Cards cards = new Cards(SIZE, false);
                EncoderSession session = plugin.service().open(spec, units)) {
            for (int i = 0; i < PICTURES; i++) {
                if (i == KILLED) {
                    worker().destroyForcibly();
                }
                session.encode(cards.next(), false);
            }
        }
        return units;
    }
}
