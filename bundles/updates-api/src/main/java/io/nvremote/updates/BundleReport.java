// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates;

import java.util.Objects;

/**
 * One bundle of a runtime.
 *
 * @param name symbolic name
 * @param version that runs, or would
 * @param updated whether it came by an update; else it is the one that the runtime was shipped with
 * @param waiting version that takes its place at the next start; empty if none does
 * @param fixed why it can't be replaced while the runtime runs; empty if it can
 */
public record BundleReport(String name, String version, boolean updated, String waiting, String fixed) {

    public BundleReport {
        Objects.requireNonNull(name);
        Objects.requireNonNull(version);
        Objects.requireNonNull(waiting);
        Objects.requireNonNull(fixed);
    }
}
