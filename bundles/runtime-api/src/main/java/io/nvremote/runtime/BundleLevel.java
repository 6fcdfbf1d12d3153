// SPDX-License-Identifier: Apache-2.0
package io.nvremote.runtime;

import java.util.Objects;

/**
 * What a bundle tells.
 *
 * @param bundle symbolic name
 * @param level the lowest that is told; {@link RuntimeLog#DEFAULT} if the runtime's configuration says
 * @param detail what else an operator should know; empty if there is nothing to say
 */
public record BundleLevel(String bundle, String level, String detail) {

    public BundleLevel {
        Objects.requireNonNull(bundle);
        Objects.requireNonNull(level);
        Objects.requireNonNull(detail);
    }
}
