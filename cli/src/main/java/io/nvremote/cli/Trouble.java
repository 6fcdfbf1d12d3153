// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import java.io.Serial;

/** Something the person at the terminal can mend; the message says what happened and what to do. */
final class Trouble extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    Trouble(String message) {
        super(message);
    }

    Trouble(String message, Throwable cause) {
        super(message + ": " + cause.getMessage(), cause);
    }
}
