// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

/** Errors of the words themselves. */
public enum CoreError implements ErrorCode {
    INVALID_ID(Remedy.CALLER, "An id is malformed. Use the id exactly as the system printed it."),
    INVALID_VALUE(Remedy.CALLER, "A value breaks its rule. The message names the value and the rule."),
    UNKNOWN_COMMAND(
            Remedy.CALLER,
            "The runtime does not know this command. Use the command line of the version that the runtime has."),
    INVALID_CONFIGURATION(
            Remedy.OPERATOR, "A configuration value breaks its rule. Change it in the runtime's configuration."),
    TOO_MANY_REQUESTS(
            429,
            Remedy.RETRY,
            "Your address has sent too many requests. Try again after the time that the answer names."),
    INTERNAL(Remedy.BUG, "Something failed that should not. Report it with the log around this time.");

    private final int status;
    private final Remedy remedy;
    private final String advice;

    CoreError(Remedy remedy, String advice) {
        this(0, remedy, advice);
    }

    /** @param status the HTTP status, where it is not the remedy's */
    CoreError(int status, Remedy remedy, String advice) {
        this.status = status;
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

    @Override
    public int httpStatus() {
        return status == 0 ? ErrorCode.super.httpStatus() : status;
    }
}
