// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The copy of a picture that the CPU can read: made when first asked for, once, however many ask. A {@link Lease} of device memory
 * keeps one per picture for its {@link Lease#host()}. Safe for any thread.
 */
public final class Download {

    private final Supplier<HostSurface> copy;
    private @Nullable HostSurface done;

    /** {@code copy} brings the pixels over and blocks until they are here; what it throws is thrown on, and it is asked again. */
    public Download(Supplier<HostSurface> copy) {
        this.copy = copy;
    }

    public synchronized HostSurface get() {
        HostSurface known = done;
        if (known == null) {
            known = copy.get();
            done = known;
        }
        return known;
    }
}
