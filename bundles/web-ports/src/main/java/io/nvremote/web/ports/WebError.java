// SPDX-License-Identifier: Apache-2.0
package io.nvremote.web.ports;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** What the web server itself answers, before or instead of whoever serves the address. */
public enum WebError implements ErrorCode {
    REQUEST_REFUSED(
            400, Remedy.CALLER, "The request breaks a rule of HTTP. The title says which, by the name of its status."),
    NOT_SERVED_NOW(503, Remedy.RETRY, "What serves this address is being replaced or not there yet. Try again."),
    SERVER_FAILED(500, Remedy.BUG, "Something failed that should not. Report it with the log around this time.");

    private final int status;
    private final Remedy remedy;
    private final String advice;

    WebError(int status, Remedy remedy, String advice) {
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
        return status;
    }
}
