// SPDX-License-Identifier: Apache-2.0
package com.acme.capture;

import io.nvremote.capture.CaptureSource;
import io.nvremote.tck.CaptureSourceContract;

/** Everything the platform asks of a source of pictures. */
class AcmeCaptureTest extends CaptureSourceContract {

    @Override
    protected CaptureSource source() {
        return new AcmeCapture();
    }
}
