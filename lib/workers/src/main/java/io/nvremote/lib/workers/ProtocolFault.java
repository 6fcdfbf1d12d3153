// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.workers;

import java.io.IOException;
import java.io.Serial;

/** The other side said what the protocol does not know. Nothing it says after that is believed. */
public final class ProtocolFault extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    public ProtocolFault(String message) {
        super(message);
    }
}
