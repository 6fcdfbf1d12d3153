// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What an ended process left behind of why. */
final class Deaths {

    /** A process that was ended by a signal has 128 and the signal's number. */
    private static final int SIGNALLED = 128;

    private static final int OUT_OF_MEMORY = 3;

    private Deaths() {}

    /** In words, after "ended"; says so where nothing is known. */
    static String tell(Process process, Path crash) {
        if (process.isAlive()) {
            return " and does not go";
        }
        int code = process.exitValue();
        String how = code > SIGNALLED ? " by signal " + (code - SIGNALLED) : " with exit code " + code;
        if (code == OUT_OF_MEMORY) {
            how += ", which it has when it runs out of heap";
        }
        return how + place(crash);
    }

    /** The line of Java's report that names the function that crashed. */
    private static String place(Path crash) {
        if (!Files.isReadable(crash)) {
            return "";
        }
        try {
            List<String> lines = Files.readAllLines(crash, StandardCharsets.ISO_8859_1);
            int at = lines.indexOf("# Problematic frame:");
            return at < 0 || at + 1 >= lines.size()
                    ? ""
                    : " in" + lines.get(at + 1).replaceAll("^#", "").replaceAll("\\s+", " ");
        } catch (IOException e) {
            return "; its report can't be read: " + e.getMessage();
        }
    }
}
