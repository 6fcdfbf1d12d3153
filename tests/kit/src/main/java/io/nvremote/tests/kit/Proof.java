// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.kit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** What a test needs of the machine. Lacking it is a failure where CI=true, and said aloud elsewhere. */
public final class Proof {

    private Proof() {}

    /** Asks for a command; {@code packages} is what Debian calls what supplies it. */
    public static void needsCommand(String command, String what, String packages) {
        String path = System.getenv("PATH") + ":/usr/sbin:/sbin";
        boolean there = Pattern.compile(":").splitAsStream(path).anyMatch(f -> Files.isExecutable(Path.of(f, command)));
        needs(there, what, packages);
    }

    /** Asks for anything. */
    public static void needs(boolean there, String what, String packages) {
        if (!there) {
            String lack = "NOT PROVEN: " + what + ": " + packages;
            if ("true".equals(System.getenv("CI"))) {
                Assertions.fail(lack);
            }
            Assumptions.abort(lack);
        }
    }
}
