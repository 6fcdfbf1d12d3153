// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import java.io.Serial;

/** The worker process is gone, or no use any more; the message says how it came. */
final class WorkerLost extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final boolean interrupted;

    WorkerLost(String reason) {
        this(reason, false);
    }

    private WorkerLost(String reason, boolean interrupted) {
        super(reason);
        this.interrupted = interrupted;
    }

    /** Not the worker's doing: the caller was told to end. */
    static WorkerLost interrupted() {
        return new WorkerLost("the caller was interrupted", true);
    }

    boolean isInterrupted() {
        return interrupted;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
