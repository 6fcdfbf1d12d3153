// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an ended process left behind of why. */
public final class ProcessEnd {

    /** A process that was ended by a signal has 128 and the signal's number. */
    private static final int SIGNALLED = 128;

    private static final int OUT_OF_MEMORY = 3;
    private static final Pattern SIGNAL = Pattern.compile("^# +(SIG[A-Z]+) ");

    private ProcessEnd() {}

    /**
     * In words, after "ended"; says so where nothing is known.
     *
     * @param crash where a Java process leaves its report of a crash ({@code -XX:ErrorFile}); it need not be there
     */
    public static String tell(Process process, Path crash) {
        if (process.isAlive()) {
            return " and does not go";
        }
        int code = process.exitValue();
        List<String> report = report(crash);
        String signal = signal(report);
        if (!signal.isEmpty()) {
            return " by " + signal + place(report); // Java's own exit code after its report says nothing
        }
        String how = code > SIGNALLED ? " by signal " + (code - SIGNALLED) : " with exit code " + code;
        return code == OUT_OF_MEMORY ? how + ", which it has when it runs out of heap" : how;
    }

    private static List<String> report(Path crash) {
        try {
            return Files.isReadable(crash) ? Files.readAllLines(crash, StandardCharsets.ISO_8859_1) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static String signal(List<String> report) {
        return report.stream()
                .map(SIGNAL::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .findFirst()
                .orElse("");
    }

    /** The line that names the function that crashed. */
    private static String place(List<String> report) {
        int at = report.indexOf("# Problematic frame:");
        return at < 0 || at + 1 >= report.size()
                ? ""
                : " in" + report.get(at + 1).replaceAll("^#", "").replaceAll("\\s+", " ");
    }
}
