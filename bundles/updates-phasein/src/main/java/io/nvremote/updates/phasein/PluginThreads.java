// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/**
 * Threads that are a plugin's: the first code on their stack that is not Java's own comes from its bundle. Frames have names, not classes:
 * where two bundles hold a class of one name, a thread in it counts for both.
 */
final class PluginThreads {

    private static final StackTraceElement[] NOTHING = {};
    /** Java makes classes of lambdas, which are in no jar; the class that has the lambda is. */
    private static final Pattern LAMBDA = Pattern.compile("\\$\\$Lambda.*");

    private PluginThreads() {}

    /** @param allocatedBytes on the heap since they began */
    record Found(int count, long allocatedBytes) {}

    static Found of(List<Bundle> bundles) {
        Map<String, Boolean> theirs = new HashMap<>();
        List<Thread> found = Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> beginsIn(bundles, theirs, thread.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        long bytes = 0;
        if (ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads) {
            for (Thread thread : found) {
                bytes += Math.max(0, threads.getThreadAllocatedBytes(thread.threadId())); // -1: it ended meanwhile
            }
        }
        return new Found(found.size(), bytes);
    }

    private static boolean beginsIn(List<Bundle> bundles, Map<String, Boolean> theirs, StackTraceElement[] stack) {
        return Stream.of(stack == null ? NOTHING : stack)
                .filter(frame -> frame.getModuleName() == null) // Java's own have one
                .reduce((inner, outer) -> outer)
                .filter(frame -> theirs.computeIfAbsent(
                        LAMBDA.matcher(frame.getClassName()).replaceFirst(""),
                        name -> bundles.stream().anyMatch(bundle -> holds(bundle, name))))
                .isPresent();
    }

    /** Whether the class is the bundle's own, or of a library inside it. */
    private static boolean holds(Bundle bundle, String className) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        int dot = className.lastIndexOf('.');
        return wiring != null
                && dot > 0
                && !wiring.listResources(
                                "/" + className.substring(0, dot).replace('.', '/'),
                                className.substring(dot + 1) + ".class",
                                BundleWiring.LISTRESOURCES_LOCAL)
                        .isEmpty();
    }
}
