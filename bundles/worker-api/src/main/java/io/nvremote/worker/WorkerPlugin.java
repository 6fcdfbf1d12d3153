// SPDX-License-Identifier: Apache-2.0
package io.nvremote.worker;

import org.osgi.annotation.versioning.ProviderType;

/** A plugin's hold on the workers that run its body. Safe for any thread. */
@ProviderType
public interface WorkerPlugin<S> extends AutoCloseable {

    /** The service as if it ran here; safe for any thread. Its sessions end when this is closed. */
    S service();

    /** Ends all sessions of the service and the workers that nobody else needs. Idempotent. */
    @Override
    void close();
}
