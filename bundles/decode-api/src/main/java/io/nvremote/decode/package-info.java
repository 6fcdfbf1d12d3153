// SPDX-License-Identifier: Apache-2.0
/**
 * Turning access units back into pictures.
 */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.decode;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
