// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import io.nvremote.core.Clock;
import io.nvremote.media.Size;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether pictures have the size of their stream. What the host says of that comes another way than the pictures. For one thread. */
final class PictureSizes {

    /** For so long the two may differ. */
    private static final Duration MAY_DIFFER = Duration.ofSeconds(2);

    private final Supplier<@Nullable Size> told;
    private final Clock clock = Clock.system();
    private @Nullable Size last;
    private long differNanos;

    /** @param told what the host says now; null while it has said nothing */
    PictureSizes(Supplier<@Nullable Size> told) {
        this.told = told;
    }

    /** That of the last picture, or as the host says. */
    boolean isFamiliar(Size size) {
        return size.equals(last) || size.equals(told.get());
    }

    /** Another decoder makes the pictures. */
    void begin(@Nullable Size first) {
        last = first;
        differNanos = 0;
    }

    /** A picture was shown; null: the unit gave none. */
    void shown(@Nullable Size size) {
        last = size == null ? last : size;
    }

    /** The size that it should have had for too long already; null: it may be as it is. */
    @Nullable
    Size wrong(@Nullable Size made) {
        Size asTold = told.get();
        if (made == null || asTold == null || made.equals(asTold)) {
            differNanos = 0;
            return null;
        }
        long now = clock.nanos();
        differNanos = differNanos == 0 ? now : differNanos;
        return now - differNanos > MAY_DIFFER.toNanos() ? asTold : null;
    }
}
