// SPDX-License-Identifier: Apache-2.0
package io.nvremote.runtime;

import java.util.Objects;

/**
 * A component that could not be activated, or a bundle that did not start; or one that takes conspicuously long to.
 *
 * @param name of the component, with the configuration it is for where there are several; or of the bundle
 * @param reason why, for an operator: one line, no secrets, may hold paths of this machine
 * @param starting it has not failed: it is slow, and may come of its own
 */
public record FailedPart(String name, String reason, boolean starting) {

    /** One that failed. */
    public FailedPart(String name, String reason) {
        this(name, reason, false);
    }

    public FailedPart {
        Objects.requireNonNull(name);
        Objects.requireNonNull(reason);
    }
}
