// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** What can go wrong with a host as a whole. */
enum HostError implements ErrorCode {
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
            "The host was off for longer than its certificate is valid. Remove the identity file and enrol again with a new bootstrap token."),
    NO_CAPTURE_SOURCE(
            Remedy.OPERATOR,
            "There is no picture source of the configured kind. nvremote doctor says what to install."),
    NO_COMMON_CODEC(
            Remedy.CALLER,
            "The client can't decode what this host can send. Make the host's screen smaller, or use another client."),
    NO_ENCODER(Remedy.OPERATOR, "There is no encoder for the stream's codec. Install one.");

    private final Remedy remedy;
    private final String advice;

    HostError(Remedy remedy, String advice) {
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
