// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates;

import org.osgi.annotation.versioning.ProviderType;

/** That a plugin's code is at work for somebody, until it is closed. Safe for any thread. */
@ProviderType
public interface PluginUse extends AutoCloseable {

    /** The work came to its end: the process outlived it. Idempotent; throws nothing. */
    @Override
    void close();
}
