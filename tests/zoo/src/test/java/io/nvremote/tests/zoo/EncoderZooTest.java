// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.zoo;

import io.nvremote.decode.Decoder;
import io.nvremote.decode.software.SoftwareDecoder;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.software.SoftwareEncoder;
import io.nvremote.tck.EncoderContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each wrong encoder is refused by the test that it names; the right one, wrapped as they are, by none. */
class EncoderZooTest {

    private static Encoder subject = SoftwareEncoder.standalone();

    /** As in a vendor's bundle. */
    static class Contract extends EncoderContract {

        @Override
        protected Encoder encoder() {
            return subject;
        }

        @Override
        protected Decoder decoder() {
            return SoftwareDecoder.standalone();
        }
    }

    @AfterEach
    void release() throws Exception {
        Kept.release();
    }

    @Test
    void the_right_encoder_passes() {
        Encoder right = SoftwareEncoder.standalone();
        subject = (spec, sink) -> new EncoderCopy(right, spec, sink);
        ContractRun.assertPasses(Contract.class);
    }

    @ParameterizedTest
    @EnumSource
    void a_wrong_encoder_is_refused(WrongEncoder wrong) {
        Encoder right = SoftwareEncoder.standalone();
        subject = (spec, sink) -> wrong.open(right, spec, sink);
        ContractRun.assertRefuses(Contract.class, wrong.refusedBy());
    }
}
