// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** What can go wrong with an encoder. */
public enum EncodeError implements ErrorCode {
    DEVICE_UNAVAILABLE(
            Remedy.OPERATOR,
            "The encoder's library or device is missing or too old. The message says which; nvremote doctor says how to supply it."),
    DEVICE_FULL(Remedy.RETRY, "All of the encoder's streams are in use. Try again when one has ended."),
    DEVICE_LOST(
            Remedy.RETRY,
            "The encoder failed while it ran. The stream goes on with a new session or the next encoder."),
    SPEC_REFUSED(Remedy.CALLER, "The encoder can't produce what was asked for. Ask for another codec, size or rate."),
    FRAME_REFUSED(Remedy.BUG, "A frame was handed over that does not fit the stream's size or format.");

    private final Remedy remedy;
    private final String advice;

    EncodeError(Remedy remedy, String advice) {
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
