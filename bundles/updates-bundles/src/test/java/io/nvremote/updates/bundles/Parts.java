// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.bundles;

import io.nvremote.runtime.Retiring;
import io.nvremote.runtime.Underway;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.FrameworkUtil;

/** The components of the bundles that {@link RunningFramework} is made of. */
public final class Parts {

    /** Named work that would end with {@link User}, while it is set. */
    static final String BUSY = "io.nvremote.updates.bundles.test.busy";

    /** Named what {@link Keeping} was told. */
    static final String TOLD = "io.nvremote.updates.bundles.test.told";

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

    /** Needs a class of its own only when it is asked. */
    public static final class Lasting implements Supplier<String> {

        @Override
        public String get() {
            return Late.WORDS.toString();
        }

        /** Not loaded before. */
        public static final class Late {
            static final StringBuilder WORDS = new StringBuilder("still here");
        }
    }

    /** Keeps what it began; its property {@link #BUSY} and {@link #TOLD} end with its version. */
    public static class Keeping implements Supplier<String>, Retiring, Underway {

        private final String version =
                FrameworkUtil.getBundle(getClass()).getVersion().toString();

        @Override
        public void retire() {
            told("retired");
        }

        @Override
        public void resume() {
            told("resumed");
        }

        private void told(String what) {
            System.setProperty(TOLD + version, (System.getProperty(TOLD + version, "") + " " + what).strip());
        }

        @Override
        public List<String> underway() {
            String busy = System.getProperty(BUSY + version);
            return busy == null ? List.of() : List.of(busy);
        }

        @Override
        public String get() {
            return version;
        }
    }

    /** A version of it that can't be made. */
    public static final class BadKeeping extends Keeping {
        public BadKeeping() {
            throw new IllegalStateException("a version that does not do");
        }
    }

    /** A version of it that does not retire. */
    public static final class Stubborn extends Keeping {
        @Override
        public void retire() {
            throw new IllegalStateException("a version that does not retire");
        }
    }

    /** Goes over to whichever there is, and on with the first as long as it is busy. */
    public static final class Follower implements Underway {

        private volatile @Nullable Supplier<String> held;

        /** Bound by its component. */
        public void came(Supplier<String> it) {
            if (held == null) {
                held = it;
            }
        }

        /** Unbound by its component. */
        public void gone(Supplier<String> it) {}

        @Override
        public List<String> underway() {
            Supplier<String> first = held;
            String busy = System.getProperty(BUSY);
            if (busy == null || first == null) {
                held = null;
                return List.of();
            }
            return busy.equals("asks") ? List.of(first.get()) : List.of(busy);
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
