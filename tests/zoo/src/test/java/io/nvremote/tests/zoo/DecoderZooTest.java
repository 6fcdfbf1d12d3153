// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.zoo;

import io.nvremote.decode.Decoder;
import io.nvremote.decode.DecoderSession;
import io.nvremote.decode.software.SoftwareDecoder;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.software.SoftwareEncoder;
import io.nvremote.media.Codec;
import io.nvremote.media.DecoderCapability;
import io.nvremote.media.FrameSink;
import io.nvremote.media.Size;
import io.nvremote.tck.DecoderContract;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each wrong decoder is refused by the test that it names; the right one, wrapped as they are, by none. */
class DecoderZooTest {

    private static final Decoder RIGHT = SoftwareDecoder.standalone();

    private static Decoder subject = RIGHT;

    private interface Opening {
        DecoderSession open(Codec codec, FrameSink sink);
    }

    /** Claims what the right one does and opens what it is told. */
    private record Wrapped(List<DecoderCapability> capabilities, Opening opening) implements Decoder {

        @Override
        public DecoderSession open(Codec codec, FrameSink sink) {
            return opening.open(codec, sink);
        }
    }

    /** As in a vendor's bundle. */
    static class Contract extends DecoderContract {

        @Override
        protected Decoder decoder() {
            return subject;
        }

        @Override
        protected Encoder encoder() {
            return SoftwareEncoder.standalone();
        }
    }

    @AfterEach
    void release() throws Exception {
        Kept.release();
    }

    @Test
    void the_right_decoder_passes() {
        subject = new Wrapped(RIGHT.capabilities(), (codec, sink) -> new DecoderCopy(RIGHT, codec, sink));
        ContractRun.assertPasses(Contract.class);
    }

    @ParameterizedTest
    @EnumSource
    void a_wrong_decoder_is_refused(WrongDecoder wrong) {
        subject = new Wrapped(RIGHT.capabilities(), (codec, sink) -> wrong.open(RIGHT, codec, sink));
        ContractRun.assertRefuses(Contract.class, wrong.refusedBy());
    }

    @Test
    void a_decoder_that_claims_what_it_can_not_open_is_refused() {
        List<DecoderCapability> claims = new ArrayList<>(RIGHT.capabilities());
        claims.add(new DecoderCapability(new Codec("vp8"), new Size(640, 360), false));
        subject = new Wrapped(claims, RIGHT::open);
        ContractRun.assertRefuses(Contract.class, "it_says_what_it_decodes_and_opens_each_of_it");
    }

    @Test
    void a_decoder_that_does_not_claim_what_it_is_tested_for_is_refused() {
        DecoderCapability other = new DecoderCapability(Codec.AV1, new Size(640, 360), false);
        subject = new Wrapped(List.of(other), RIGHT::open);
        ContractRun.assertRefuses(Contract.class, "it_says_what_it_decodes_and_opens_each_of_it");
    }
}
