// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.zoo;

import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.testcard.TestcardCapture;
import io.nvremote.media.Size;
import io.nvremote.tck.CaptureSourceContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each wrong source is refused by the test that it names; the right one, wrapped as they are, by none. */
class CaptureZooTest {

    private static CaptureSource subject = new TestcardCapture();

    /** As in a vendor's bundle. */
    static class Contract extends CaptureSourceContract {

        @Override
        protected CaptureSource source() {
            return subject;
        }

        @Override
        protected Size size() {
            return new Size(640, 360);
        }
    }

    @AfterEach
    void release() throws Exception {
        Kept.release();
    }

    @Test
    void the_right_source_passes() {
        CaptureSource right = new TestcardCapture();
        subject = spec -> new CaptureCopy(right, spec);
        ContractRun.assertPasses(Contract.class);
    }

    @ParameterizedTest
    @EnumSource
    void a_wrong_source_is_refused(WrongCapture wrong) {
        CaptureSource right = new TestcardCapture();
        subject = spec -> wrong.open(right, spec);
        ContractRun.assertRefuses(Contract.class, wrong.refusedBy());
    }
}
