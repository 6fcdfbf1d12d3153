// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.testcard.TestcardCapture;
import io.nvremote.worker.WorkerBody;
import java.util.Map;

/** The test card in a worker: the protocol with no native code behind it. */
public final class TestcardBody implements WorkerBody<CaptureSource> {

    @Override
    public CaptureSource make(Map<String, String> settings) {
        return new TestcardCapture();
    }
}
