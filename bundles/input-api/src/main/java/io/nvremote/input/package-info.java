// SPDX-License-Identifier: Apache-2.0
/**
 * Keyboard and pointer events on their way from the client to the host's screen.
 */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.input;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
