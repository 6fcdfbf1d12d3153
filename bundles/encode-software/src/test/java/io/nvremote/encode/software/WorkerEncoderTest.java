// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import io.nvremote.decode.Decoder;
import io.nvremote.decode.software.SoftwareDecoder;
import io.nvremote.encode.Encoder;
import io.nvremote.media.worker.MediaWorkers;
import io.nvremote.tck.EncoderContract;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The encoder in a worker does what the one in this process does. */
class WorkerEncoderTest extends EncoderContract {

    private static MediaWorkers workers;
    private static SoftwareWorkerEncoder encoder;

    @BeforeAll
    static void start() throws IOException {
        workers = MediaWorkers.standalone();
        encoder = new SoftwareWorkerEncoder(SoftwareSettings.standard(), workers);
    }

    @AfterAll
    static void stop() {
        encoder.close();
        workers.close();
    }

    @Override
    protected Encoder encoder() {
        return encoder;
    }

    @Override
    protected Decoder decoder() {
        return SoftwareDecoder.standalone();
    }
}
