// SPDX-License-Identifier: Apache-2.0
package io.nvremote.runtime.watch;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The components of the bundle that {@link RefusedTest} makes; what becomes of them shows in system properties. */
public final class RefusedParts {

    static final String PREFIX = "io.nvremote.runtime.watch.test.";
    /** Whether {@link Sometimes} can be made. */
    static final String WORKS = PREFIX + "works";

    private RefusedParts() {}

    private static void tell(String what) {
        System.setProperty(PREFIX + what, "true");
    }

    /** What all others need: it can't be made at times. */
    public static final class Sometimes implements Supplier<String> {

        public Sometimes() {
            if (!Boolean.getBoolean(WORKS)) {
                throw new IllegalStateException("the disk is full");
            }
        }

        @Override
        public String get() {
            return "here";
        }
    }

    /** Can't be made without. */
    public static final class Needs {

        public Needs(Supplier<String> it) {
            tell("needs." + it.get());
        }
    }

    /** Is made when somebody asks for it, and can't be without. */
    public static final class Between implements Callable<String> {

        private final Supplier<String> it;

        public Between(Supplier<String> it) {
            this.it = it;
        }

        @Override
        public String call() {
            return it.get();
        }
    }

    /** Can't be made without {@link Between}. */
    public static final class Far {

        public Far(Callable<String> it) throws Exception {
            tell("far." + it.call());
        }
    }

    /** Is offered to a whiteboard, which asks for it once. */
    public static final class Offered implements Runnable {

        private final Supplier<String> it;

        public Offered(Supplier<String> it) {
            this.it = it;
        }

        @Override
        public void run() {
            tell("offered." + it.get());
        }
    }

    /** Takes it whenever it is there. */
    public static final class Takes {

        private @Nullable Supplier<String> it;

        void came(Supplier<String> one) {
            it = one;
            tell("takes." + one.get());
        }

        void gone(Supplier<String> one) {
            it = it == one ? null : it;
        }
    }
}
