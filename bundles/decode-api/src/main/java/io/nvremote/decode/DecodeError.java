// SPDX-License-Identifier: Apache-2.0
package io.nvremote.decode;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** What can go wrong with a decoder. */
public enum DecodeError implements ErrorCode {
    CODEC_UNAVAILABLE(Remedy.OPERATOR, "No decoder for this codec is here. Choose another codec or install a decoder.");

    private final Remedy remedy;
    private final String advice;

    DecodeError(Remedy remedy, String advice) {
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
