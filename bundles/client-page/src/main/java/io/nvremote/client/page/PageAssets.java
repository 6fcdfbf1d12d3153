// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import org.jspecify.annotations.Nullable;

/** The files of the web app, by plain name. Safe for any thread. */
interface PageAssets {

    /** The bytes, or null if there is no such file. */
    byte @Nullable [] read(String name);
}
