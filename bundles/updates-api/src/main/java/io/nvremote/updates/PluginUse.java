// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates;

import org.osgi.annotation.versioning.ProviderType;

/** That a plugin's code is at work for somebody, until it is closed. Safe for any thread. */
@ProviderType
public interface PluginUse extends AutoCloseable {

    /**
     * A call into its code came back, or threw. For frame paths: adds to counters and does nothing else.
     *
     * @param nanos how long it took, without what it was asked to wait
     * @param allocatedBytes what its thread allocated meanwhile on the heap
     */
    default void called(long nanos, long allocatedBytes) {}

    /** The work came to its end: the process outlived it. Idempotent; throws nothing. */
    @Override
    void close();
}
