// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import java.io.Serial;

/** The worker process is gone, or no use any more; the message says how it came. */
final class WorkerLost extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    WorkerLost(String reason) {
        super(reason);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
