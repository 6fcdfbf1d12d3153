// SPDX-License-Identifier: Apache-2.0
package io.nvremote.launch;

import java.lang.reflect.InvocationTargetException;

/**
 * The main class of every runtime's jar. Compiled for Java 8 and without a word of a later one, so that whoever starts it with an
 * old {@code java} is told what to do instead of reading {@code UnsupportedClassVersionError}.
 */
public final class Main {

    private static final int NEEDED = 25;

    private Main() {}

    public static void main(String... arguments) throws Throwable {
        String trouble = tooOld(
                System.getProperty("java.specification.version", "?"),
                System.getProperty("java.version", "?"),
                System.getProperty("java.home", "?"));
        if (!trouble.isEmpty()) {
            System.err.println(trouble);
            System.exit(2);
        }
        try {
            Class.forName("io.nvremote.launch.Launch")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** What to say about a Java of that version, or nothing if it will do. */
    static String tooOld(String specification, String version, String home) {
        String major = specification.startsWith("1.") ? specification.substring(2) : specification;
        boolean enough;
        try {
            enough = Integer.parseInt(major) >= NEEDED;
        } catch (NumberFormatException e) {
            enough = false;
        }
        return enough
                ? ""
                : "nvremote needs Java " + NEEDED + " or newer, and this is Java " + version + " (" + home + ")."
                        + " Start the jar with another java: /path/to/java-" + NEEDED + "/bin/java -jar …";
    }
}
