// SPDX-License-Identifier: Apache-2.0
package io.nvremote.audit;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** What can go wrong with the audit log. */
public enum AuditError implements ErrorCode {
    RANGE_REFUSED(
            Remedy.CALLER, "The range or page size of an audit query breaks its rule. The message names the rule."),
    EXPORT_BUSY(
            429,
            Remedy.RETRY,
            "The organisation's log is being exported, or too many others' are. Wait for that export, or try again later."),
    EVENT_REFUSED(Remedy.BUG, "An audit event breaks its rule, so what it records was refused too. Report it.");

    private final int status;
    private final Remedy remedy;
    private final String advice;

    AuditError(Remedy remedy, String advice) {
        this(0, remedy, advice);
    }

    /** @param status the HTTP status, where it is not the remedy's */
    AuditError(int status, Remedy remedy, String advice) {
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
