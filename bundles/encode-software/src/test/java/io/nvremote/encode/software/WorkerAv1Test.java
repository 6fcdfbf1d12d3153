// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import io.nvremote.media.Codec;

/** As {@link WorkerEncoderTest}, of AV1. */
class WorkerAv1Test extends WorkerEncoderTest {

    @Override
    protected Codec codec() {
        return Codec.AV1;
    }
}
