// SPDX-License-Identifier: Apache-2.0
package io.nvremote.audit;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** What can go wrong with the audit log. */
public enum AuditError implements ErrorCode {
    RANGE_REFUSED(
            Remedy.CALLER, "The range or page size of an audit query breaks its rule. The message names the rule."),
    EVENT_REFUSED(Remedy.BUG, "An audit event breaks its rule, so what it records was refused too. Report it.");

    private final Remedy remedy;
    private final String advice;

    AuditError(Remedy remedy, String advice) {
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
