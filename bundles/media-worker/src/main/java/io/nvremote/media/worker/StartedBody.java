// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.worker.WorkerPlugin;

/**
 * A plugin's body and its workers.
 *
 * @param closed told once they are to end
 */
record StartedBody<S>(S service, BodyWorkers workers, Runnable closed) implements WorkerPlugin<S> {

    @Override
    public void close() {
        closed.run();
        workers.close();
    }
}
