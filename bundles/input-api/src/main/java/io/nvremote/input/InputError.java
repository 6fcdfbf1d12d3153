// SPDX-License-Identifier: Apache-2.0
package io.nvremote.input;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** What can go wrong with input. */
public enum InputError implements ErrorCode {
    INPUT_UNAVAILABLE(Remedy.OPERATOR, "Input can't be injected into this screen. The message says what is missing.");

    private final Remedy remedy;
    private final String advice;

    InputError(Remedy remedy, String advice) {
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
