// SPDX-License-Identifier: Apache-2.0
package io.nvremote.launch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Optional;

/** Sets the surroundings, then hands over to bnd's launcher, which lies in the same jar. */
public final class Main {

    private static final String LAUNCHER = "aQute.launcher.pre.EmbeddedLauncher";

    private Main() {}

    public static void main(String... arguments) throws Throwable {
        Surroundings.pin();
        Optional<String> trouble = Surroundings.unreadablePath(
                System.getProperties(), System.getProperty("sun.jnu.encoding", "of this machine"));
        if (trouble.isPresent()) {
            System.err.println(trouble.get());
            System.exit(2);
        }
        Class<?> launcher = Class.forName(LAUNCHER);
        MethodHandles.publicLookup()
                .findStatic(launcher, "main", MethodType.methodType(void.class, String[].class))
                .asFixedArity()
                .invoke(arguments);
    }
}
