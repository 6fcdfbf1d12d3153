// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.services;

import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;

/** Says in a sentence what the framework says in filters: which package a bundle needs, and what there is of it. */
public final class MissingPackage {

    private static final Pattern NEEDED = Pattern.compile(
            "\\(osgi\\.wiring\\.package=([^)]+)\\)" + "(?:\\(version>=([^)]+)\\))?(?:\\(!\\(version>=([^)]+)\\)\\))?");

    private MissingPackage() {}

    /**
     * The framework's reason in words; as it is where it speaks of something else.
     *
     * @param reason message of a {@code BundleException} of type {@code RESOLVE_ERROR}
     */
    public static String explain(String reason, BundleContext context) {
        return explain(reason, name -> exported(name, context));
    }

    /** The last requirement in the framework's chain of reasons is the one that nothing meets. */
    static String explain(String reason, Function<String, SortedSet<String>> exported) {
        Matcher needed = NEEDED.matcher(reason);
        String name = null;
        String from = null;
        String until = null;
        int end = reason.indexOf(" Unresolved requirements:");
        needed.region(0, end < 0 ? reason.length() : end);
        while (needed.find()) {
            name = needed.group(1);
            from = needed.group(2);
            until = needed.group(3);
        }
        return name == null ? reason : sentence(name, from, until, exported.apply(name));
    }

    /**
     * The same of a package that is known.
     *
     * @param from the lowest version that will do; null for any
     * @param until the lowest that is too high; null for none
     * @param here the versions that there are
     */
    public static String sentence(String name, @Nullable String from, @Nullable String until, SortedSet<String> here) {
        String range = "";
        if (from != null) {
            range = until == null ? " " + from + " or newer" : " [" + from + "," + until + ")";
        }
        return "needs package " + name + range + "; this runtime has "
                + (here.isEmpty() ? "none" : String.join(", ", here));
    }

    private static SortedSet<String> exported(String name, BundleContext context) {
        SortedSet<String> versions = new TreeSet<>();
        for (Bundle bundle : context.getBundles()) {
            BundleRevision revision = bundle.adapt(BundleRevision.class);
            if (revision == null) {
                continue; // uninstalled meanwhile
            }
            for (BundleCapability export : revision.getDeclaredCapabilities(PackageNamespace.PACKAGE_NAMESPACE)) {
                if (name.equals(export.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE))) {
                    versions.add(
                            String.valueOf(export.getAttributes().get(PackageNamespace.CAPABILITY_VERSION_ATTRIBUTE)));
                }
            }
        }
        return versions;
    }
}
