// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import io.nvremote.encode.Encoder;
import io.nvremote.media.Codec;
import org.junit.jupiter.api.BeforeAll;

/** As {@link SoftwareDecoderTest}, of HEVC by another author's encoder: there is none of ours on a CPU. */
class HevcDecoderTest extends SoftwareDecoderTest {

    @BeforeAll
    static void needsTheLibrary() {
        X265.needed();
    }

    @Override
    protected Codec codec() {
        return Codec.HEVC;
    }

    @Override
    protected Encoder encoder() {
        return X265::new;
    }
}
