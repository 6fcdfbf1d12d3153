// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media;

import org.osgi.annotation.versioning.ConsumerType;

/** Takes coded pictures, on the thread that made them. The unit's data is lent until {@link #accept} returns. */
@ConsumerType
@FunctionalInterface
public interface AccessUnitSink {
    void accept(AccessUnit unit);
}
