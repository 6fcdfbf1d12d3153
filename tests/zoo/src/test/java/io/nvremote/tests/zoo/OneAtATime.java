// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.zoo;

import io.nvremote.core.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** A plugin's place for what it opens, of which it has one only: a second open that begins meanwhile takes it over. */
final class OneAtATime {

    private static final AtomicReference<Object> PLACE = new AtomicReference<>();

    private OneAtATime() {}

    /** Takes as long as a device would; what is in the place then. */
    static <T> T through(T opening, Class<T> type) {
        PLACE.set(opening);
        Clock.system().sleep(Duration.ofMillis(20));
        return type.cast(PLACE.get());
    }

    /** As above, of who notices. */
    static void alone() {
        Object own = new Object();
        if (through(own, Object.class) != own) {
            throw new IllegalStateException("opened twice at once");
        }
    }
}
