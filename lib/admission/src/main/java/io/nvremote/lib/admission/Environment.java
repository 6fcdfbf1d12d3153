// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.admission;

import io.nvremote.core.StreamException;
import io.nvremote.updates.UpdateError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.Version;

/** The Java that a bundle asks for, in the present and in the former way, against the one that this runs on. */
final class Environment {

    private static final Pattern FORMER = Pattern.compile("(?:JavaSE|J2SE)-(?:1\\.)?(\\d{1,3})");

    private Environment() {}

    /** Throws unless this Java will do. */
    static void check(String name, Headers headers) {
        former(name, headers);
        Map<String, Object> here = Map.of("osgi.ee", "JavaSE", "version", versions());
        for (Headers.Clause clause : headers.clauses("Require-Capability")) {
            boolean asked = clause.paths().contains("osgi.ee")
                    && !clause.value("resolution:", "").equals("optional")
                    && clause.value("effective:", "resolve").equals("resolve");
            String filter = clause.value("filter:", "");
            if (asked && !filter.isEmpty() && !matches(name, filter, here)) {
                throw other(name, filter);
            }
        }
    }

    private static boolean matches(String name, String filter, Map<String, Object> here) {
        try {
            return FrameworkUtil.createFilter(filter).matches(here);
        } catch (InvalidSyntaxException e) {
            throw new StreamException(
                    UpdateError.NOT_A_PLUGIN, name + " requires osgi.ee by something that is no filter: " + filter, e);
        }
    }

    private static void former(String name, Headers headers) {
        List<Headers.Clause> clauses = headers.clauses("Bundle-RequiredExecutionEnvironment");
        boolean fits = clauses.isEmpty();
        for (Headers.Clause clause : clauses) {
            Matcher java = FORMER.matcher(clause.paths().getFirst());
            fits |= java.matches()
                    && Integer.parseInt(java.group(1)) <= Runtime.version().feature();
        }
        if (!fits) {
            throw other(name, String.valueOf(headers.value("Bundle-RequiredExecutionEnvironment")));
        }
    }

    private static StreamException other(String name, String asked) {
        return new StreamException(
                UpdateError.NOT_COMPATIBLE,
                name + " asks for " + asked + ", and runs here on Java "
                        + Runtime.version().feature());
    }

    /** Those that a framework on this Java offers: 1.2 to 1.8, then 9 and on. */
    private static List<Version> versions() {
        List<Version> versions = new ArrayList<>();
        for (int java = 2; java <= Runtime.version().feature(); java++) {
            versions.add(java < 9 ? new Version(1, java, 0) : new Version(java, 0, 0));
        }
        return versions;
    }
}
