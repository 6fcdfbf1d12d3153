// SPDX-License-Identifier: Apache-2.0
package io.nvremote.worker;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** What can go wrong before there is a worker process. What goes wrong with one is told by the codes of the service it runs. */
public enum WorkerError implements ErrorCode {
    BODY_REFUSED(Remedy.BUG, "The plugin names a body that no worker can run. The message says what is wrong with it.");

    private final Remedy remedy;
    private final String advice;

    WorkerError(Remedy remedy, String advice) {
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
