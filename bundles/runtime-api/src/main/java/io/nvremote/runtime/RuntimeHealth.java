// SPDX-License-Identifier: Apache-2.0
package io.nvremote.runtime;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Which parts of this runtime are missing. Safe for any thread; answers at once, from the last look. */
@ProviderType
public interface RuntimeHealth {

    /**
     * The parts that could not start, by name; empty if all did. They are being tried again. While the runtime is on its way up it is itself the
     * one that is starting.
     */
    List<FailedPart> failed();
}
