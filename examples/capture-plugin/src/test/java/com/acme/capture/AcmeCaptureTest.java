// SPDX-License-Identifier: Apache-2.0
package com.acme.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nvremote.capture.CaptureSource;
import io.nvremote.core.StreamException;
import io.nvremote.tck.CaptureSourceContract;
import org.junit.jupiter.api.Test;

/** Everything the platform asks of a source of pictures. */
class AcmeCaptureTest extends CaptureSourceContract {

    @Override
    protected CaptureSource source() {
        return new AcmeCapture(1);
    }

    @Test
    void a_step_that_breaks_its_rule_is_refused_by_its_name() {
        StreamException refused = assertThrows(StreamException.class, () -> new AcmeCapture(0));
        assertEquals("com.acme.capture/step must be 1 to 64: 0", refused.getMessage());
    }
}
