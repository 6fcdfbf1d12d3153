// SPDX-License-Identifier: Apache-2.0
/**
 * Words that every bundle speaks: ids, rates, keys and addresses, the clock, errors with a remedy, log keys. No services live here.
 *
 * <p><b>Threads.</b> Everything in this package is immutable or says otherwise.
 */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.core;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
