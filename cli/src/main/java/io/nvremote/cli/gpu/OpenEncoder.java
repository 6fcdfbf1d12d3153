// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli.gpu;

import io.nvremote.encode.Encoder;
import io.nvremote.encode.nvenc.NvencBody;
import io.nvremote.encode.nvenc.NvencProbe;
import io.nvremote.media.Codec;
import java.nio.file.Files;
import java.nio.file.Path;

/** The encoder as a worker has it, here in the process that may die of it; it takes what is encoded with it when it is closed. */
record OpenEncoder(Encoder encoder) implements AutoCloseable {

    private static final Path LIBRARIES = Path.of("/usr/lib/x86_64-linux-gnu");
    private static final Path AOM = LIBRARIES.resolve("libaom.so.3");
    private static final Path X265 = LIBRARIES.resolve("libx265.so.199");

    /** Ends the check where the GPU does not make that codec, or the fake driver's is none. */
    static OpenEncoder of(CheckMachine machine, Codec codec) {
        NvencProbe probe = new NvencProbe(machine.encoder());
        if (!probe.codecs().containsKey(codec)) {
            throw new NotProven("this GPU makes no " + codec.name());
        }
        if (codec.equals(Codec.HEVC) && !Files.exists(X265)) {
            machine.onlyAGpuShows("its HEVC decodes with libx265 alone (Debian: libx265-199)");
        }
        if (codec.equals(Codec.AV1) && !Files.exists(AOM)) {
            machine.onlyAGpuShows("its AV1 decodes with libaom alone (Debian: libaom3)");
        }
        return new OpenEncoder(new NvencBody().make(machine.encoder()));
    }

    @Override
    public void close() {
        if (encoder instanceof AutoCloseable device) {
            try {
                device.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
