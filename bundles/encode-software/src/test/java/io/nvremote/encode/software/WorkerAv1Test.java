// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import io.nvremote.media.Codec;
import org.junit.jupiter.api.Tag;

/** As {@link WorkerEncoderTest}, of AV1: what a worker adds is shown there, and the codec by {@link Av1CoderTest}. */
@Tag("long")
class WorkerAv1Test extends WorkerEncoderTest {

    @Override
    protected Codec codec() {
        return Codec.AV1;
    }
}
