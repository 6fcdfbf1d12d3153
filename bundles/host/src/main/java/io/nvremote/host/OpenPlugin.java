// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

/** Something of a plugin that is open and in use: an encoder's, a source's, a sink's session. */
interface OpenPlugin<S> {

    ServiceCandidate<S> from();

    /** Runs the plugin's code, which may take its time; throws nothing. */
    void closeQuietly();
}
