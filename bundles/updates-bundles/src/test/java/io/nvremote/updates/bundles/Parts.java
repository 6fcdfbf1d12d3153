// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.bundles;

import io.nvremote.runtime.Underway;
import java.util.List;
import java.util.function.Supplier;

/** The components of the bundles that {@link RunningFramework} is made of. */
public final class Parts {

    /** Named work that would end with {@link User}, while it is set. */
    static final String BUSY = "io.nvremote.updates.bundles.test.busy";

    private Parts() {}

    /** What is replaced. */
    public static final class Good implements Supplier<String> {
        @Override
        public String get() {
            return "here";
        }
    }

    /** A version of it that can't be made. */
    public static final class Bad implements Supplier<String> {

        public Bad() {
            throw new IllegalStateException("a version that does not do");
        }

        @Override
        public String get() {
            return "never";
        }
    }

    /** Can't be without it. */
    public static final class User implements Underway {

        public User(Supplier<String> it) {
            java.util.Objects.requireNonNull(it.get());
        }

        @Override
        public List<String> underway() {
            String busy = System.getProperty(BUSY);
            return busy == null ? List.of() : List.of(busy);
        }
    }
}
