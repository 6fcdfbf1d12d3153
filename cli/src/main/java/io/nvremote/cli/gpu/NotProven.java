// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli.gpu;

import java.io.Serial;

/** This machine, or this command, can't show it; the message says why. */
final class NotProven extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    NotProven(String reason) {
        super(reason);
    }
}
