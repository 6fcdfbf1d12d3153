// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.testcard;

import io.nvremote.input.InputSink;
import io.nvremote.tck.InputSinkContract;

class TestcardInputTest extends InputSinkContract {

    @Override
    protected InputSink sink() {
        return new TestcardCapture();
    }
}
