// SPDX-License-Identifier: Apache-2.0
package io.nvremote.telemetry;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Something that counts: a service of whoever counts, as long as it counts.
 *
 * <p><b>Threads.</b> Called from any, also several at once; must not block.
 */
@ConsumerType
@FunctionalInterface
public interface MetricSource {

    /** Tells all its figures as they are now. A figure that is not known is left out. */
    void report(MetricReport to);
}
