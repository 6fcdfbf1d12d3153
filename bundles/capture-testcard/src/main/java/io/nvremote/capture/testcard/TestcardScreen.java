// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.testcard;

import io.nvremote.testcard.TestcardMark;
import java.util.function.UnaryOperator;

/** What was last typed and pointed at. Written by input, read by capture; safe for any thread. */
final class TestcardScreen {

    private volatile TestcardMark shown = new TestcardMark(0, 0, 0, 0, 0);

    synchronized void change(UnaryOperator<TestcardMark> change) {
        shown = change.apply(shown);
    }

    TestcardMark mark(int number) {
        TestcardMark now = shown;
        return new TestcardMark(number, now.keyUsage(), now.keyCount(), now.pointerX(), now.pointerY());
    }
}
