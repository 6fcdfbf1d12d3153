// SPDX-License-Identifier: Apache-2.0
package io.nvremote.identity;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** What can go wrong with who a host is. */
public enum IdentityError implements ErrorCode {
    ENROLMENT_REFUSED(
            Remedy.OPERATOR,
            "The control plane refused to enrol this host. Make a new bootstrap token in the console and put it into the host's configuration, then start the host again."),
    ENROLMENT_IMPOSSIBLE(
            Remedy.OPERATOR,
            "This host is not enrolled and has no bootstrap token. Make one in the console and name the file that holds it in token.file."),
    CONTROL_PLANE_UNREACHABLE(Remedy.RETRY, "The control plane does not answer. The host tries again by itself."),
    IDENTITY_DAMAGED(
            Remedy.OPERATOR,
            "The file with the host's key and certificate can't be read. Restore it, or remove it and enrol again with a new token."),
    IDENTITY_EXPIRED(
            Remedy.OPERATOR,
            "The host was off for longer than its certificate is valid, and the control plane does not let it come back by its key. The message says why; unless it says otherwise, remove the identity file and enrol again with a new bootstrap token."),
    CERTIFICATE_UNUSABLE(
            Remedy.RETRY,
            "The next certificate can't be used or kept; the host goes on with the present one and asks again. If it stays so, look at the host's data folder and at the control plane's authority.");

    private final Remedy remedy;
    private final String advice;

    IdentityError(Remedy remedy, String advice) {
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
