// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import io.nvremote.decode.Decoder;
import io.nvremote.decode.software.SoftwareDecoder;
import io.nvremote.encode.Encoder;
import io.nvremote.tck.EncoderContract;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The encoder TCK on the fake driver in each version of the interface. */
abstract class NvencContract extends EncoderContract {

    @TempDir
    private Path folder;

    private FakeMachine machine;

    /** The driver's version of the interface: major, and two digits of minor. */
    abstract long api();

    @BeforeEach
    final void start() {
        machine = FakeMachine.with(folder, Map.of("api", api()));
    }

    @AfterEach
    final void stop() {
        machine.close();
    }

    @Override
    protected final Encoder encoder() {
        return machine.device();
    }

    @Override
    protected final Decoder decoder() {
        return SoftwareDecoder.standalone();
    }
}
