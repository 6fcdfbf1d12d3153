// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** What can go wrong with a host as a whole. */
enum HostError implements ErrorCode {
    NO_CAPTURE_SOURCE(
            Remedy.OPERATOR,
            "There is no picture source of the configured kind. nvremote doctor says what to install."),
    NO_SUCH_DISPLAY(
            Remedy.CALLER,
            "The client asked for a display that this host does not show. The message has those it shows."),
    NO_COMMON_CODEC(
            Remedy.CALLER,
            "The client can't decode what this host can send. Make the host's screen smaller, or use another client."),
    TRACK_FAILED(
            Remedy.OPERATOR,
            "A part that a session can't do without broke its contract when it was opened. The host's log names it; update or remove it."),
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
