// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.zoo;

import io.nvremote.input.InputSink;
import io.nvremote.tck.InputSinkContract;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each wrong input is refused by the test that it names; the right one, wrapped as they are, by none. */
class InputZooTest {

    private static final Queue<InputSinkContract.Told> SCREEN = new ConcurrentLinkedQueue<>();
    private static InputSink subject = display -> new RecordingInput(SCREEN);

    /** As in a vendor's bundle. */
    static class Contract extends InputSinkContract {

        @Override
        protected InputSink sink() {
            return subject;
        }

        @Override
        protected Listener listen() {
            SCREEN.clear();
            return new Listener() {
                @Override
                public @Nullable Told next() {
                    return SCREEN.poll();
                }

                @Override
                public void close() {}
            };
        }
    }

    @AfterEach
    void release() throws Exception {
        Kept.release();
    }

    @Test
    void the_right_input_passes() {
        subject = display -> new RecordingInput(SCREEN);
        ContractRun.assertPasses(Contract.class);
    }

    @ParameterizedTest
    @EnumSource
    void a_wrong_input_is_refused(WrongInput wrong) {
        subject = display -> wrong.open(SCREEN);
        ContractRun.assertRefuses(Contract.class, wrong.refusedBy());
    }
}
