// SPDX-License-Identifier: Apache-2.0
package io.nvremote.stream;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** What can go wrong on the control channel of a stream. */
public enum StreamError implements ErrorCode {
    BAD_MESSAGE(
            Remedy.PEER,
            "A message of the control channel breaks its form. Check that host and client have the same version.");

    private final Remedy remedy;
    private final String advice;

    StreamError(Remedy remedy, String advice) {
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
