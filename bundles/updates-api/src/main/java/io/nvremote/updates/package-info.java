// SPDX-License-Identifier: Apache-2.0
/**
 * Plugins while streams run: admission of signed bundles, phase-in of a new version beside the old, quarantine of one that
 * fails.
 *
 * <p><b>Life of a plugin.</b> {@link io.nvremote.updates.Plugins#install} verifies the file, starts it beside what is
 * there, waits until its service took over (or nobody needs it), then stops and removes the version it replaces. A plugin
 * whose service fails is reported by the role bundle through {@link io.nvremote.updates.PluginFailures} and withdrawn;
 * one that is in use when the process dies is counted, and stays out after three times. What is installed comes back after a restart.
 */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.updates;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
