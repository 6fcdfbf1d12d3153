// SPDX-License-Identifier: Apache-2.0
package io.nvremote.log.slf4j;

import ch.qos.logback.core.Context;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;

/**
 * Which bundle is telling something, on the thread that does: the nearest on the stack that is no part of logging itself. Names of loggers
 * say nothing of it: a plugin may log under any, and so may a library inside it. Safe for any thread.
 */
final class Telling {

    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    /** For whom this thread hands something on that was told on another. */
    private static final ThreadLocal<@Nullable Bundle> HANDED_ON = new ThreadLocal<>();

    /** The bundles that logging is made of. */
    private final Set<Bundle> logging = Stream.of(
                    Telling.class, org.slf4j.Logger.class, ch.qos.logback.classic.Logger.class, Context.class)
            .map(FrameworkUtil::getBundle)
            .filter(Objects::nonNull)
            .collect(Collectors.toUnmodifiableSet());

    /** Tells something in the name of a bundle that told it on another thread. */
    static void inTheNameOf(@Nullable Bundle bundle, Runnable telling) {
        HANDED_ON.set(bundle);
        try {
            telling.run();
        } finally {
            HANDED_ON.remove();
        }
    }

    /** None for code outside of all bundles. */
    Optional<Bundle> bundle() {
        Bundle known = HANDED_ON.get();
        return known != null
                ? Optional.of(known)
                : STACK.walk(frames -> frames.map(frame -> FrameworkUtil.getBundle(frame.getDeclaringClass()))
                        .filter(this::speaks)
                        .findFirst());
    }

    private boolean speaks(@Nullable Bundle bundle) {
        return bundle != null && bundle.getBundleId() != Constants.SYSTEM_BUNDLE_ID && !logging.contains(bundle);
    }
}
