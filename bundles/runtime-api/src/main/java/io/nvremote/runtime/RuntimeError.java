// SPDX-License-Identifier: Apache-2.0
package io.nvremote.runtime;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** Why a runtime does not say or do something about its own parts. */
public enum RuntimeError implements ErrorCode {
    UNKNOWN_BUNDLE(
            Remedy.CALLER,
            "No bundle of that name is in this runtime, or it went away. The list of bundles shows the names."),
    NO_LOG(
            Remedy.RETRY,
            "What looks after the runtime's log is being exchanged, or did not start. Try again; the runtime's log says why.");

    private final Remedy remedy;
    private final String advice;

    RuntimeError(Remedy remedy, String advice) {
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
