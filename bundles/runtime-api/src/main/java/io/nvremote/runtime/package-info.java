// SPDX-License-Identifier: Apache-2.0
/** What a runtime knows about its own parts. */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.runtime;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
