// SPDX-License-Identifier: Apache-2.0
package com.acme.notice;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** What can go wrong with notices. The platform makes the error body and the status of these, as of its own. */
enum NoticeError implements ErrorCode {
    NOTICE_UNKNOWN;

    @Override
    public Remedy remedy() {
        return Remedy.CALLER;
    }

    @Override
    public String advice() {
        return "This organisation has no notice. An admin of it may write one.";
    }

    @Override
    public int httpStatus() {
        return 404;
    }
}
