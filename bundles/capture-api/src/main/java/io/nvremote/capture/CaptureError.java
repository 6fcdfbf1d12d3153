// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** What can go wrong with a picture source. */
public enum CaptureError implements ErrorCode {
    SOURCE_UNAVAILABLE(
            Remedy.OPERATOR,
            "There is no screen to capture. The message says what is missing; nvremote doctor says how to supply it."),
    SPEC_REFUSED(Remedy.CALLER, "The source can't deliver what was asked for. Ask for another size or rate."),
    SOURCE_LOST(Remedy.RETRY, "The screen went away while it was captured. Capture is opened again.");

    private final Remedy remedy;
    private final String advice;

    CaptureError(Remedy remedy, String advice) {
        this.remedy = remedy;
        this.advice = advice;
    }

    @Override
    public Remedy remedy() {
        return remedy;
    }

    @Override
    public String advice() {
        return advice;
    }
}
