// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists what this machine has and lacks for each capability, with the command that would supply it. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "What this machine has and lacks for each capability.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing is missing that a command could supply",
            "1:something is missing, after --fix too",
            "2:wrong usage, or --fix without the rights it needs"
        })
final class DoctorCommand implements Callable<Integer> {

    /** Runs the commands that supply what is missing; what they print goes to the writer. */
    interface Supplier {

        /** Whether it can run them at all here. */
        boolean able();

        /** The command's exit code. */
        int run(List<String> command, PrintWriter log) throws IOException, InterruptedException;
    }

    @Option(names = "--fix", description = "Run the commands that supply what is missing (Debian, as root).")
    boolean fix;

    @Option(names = "--json", description = "Print the findings as JSON; what commands print goes to standard error.")
    boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    CommandSpec spec;

    private final List<DoctorNeed> needs;
    private final Supplier supplier;
    private final List<String> failed = new ArrayList<>();

    DoctorCommand() {
        this(DoctorNeed.ALL, new Apt());
    }

    DoctorCommand(List<DoctorNeed> needs, Supplier supplier) {
        this.needs = needs;
        this.supplier = supplier;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<DoctorNeed> missing = missing();
        if (fix && !missing.isEmpty()) {
            if (!supplier.able()) {
                throw new Trouble("--fix works on Debian as root; run as root:\n  "
                        + String.join(
                                "\n  ",
                                commands(missing).stream()
                                        .map(c -> String.join(" ", c))
                                        .toList()));
            }
            supply(missing);
            missing = missing();
        }
        if (json) {
            printJson(missing);
        } else {
            print(missing);
        }
        return missing.isEmpty() ? 0 : 1;
    }

    /** What is missing and a command could supply. */
    private List<DoctorNeed> missing() {
        return needs.stream().filter(n -> n.suppliable() && !n.isPresent()).toList();
    }

    private static List<List<String>> commands(List<DoctorNeed> missing) {
        Set<String> packages = new LinkedHashSet<>();
        List<List<String>> commands = new ArrayList<>();
        for (DoctorNeed need : missing) {
            packages.addAll(need.packages());
            if (need.packages().isEmpty()) {
                commands.add(need.command());
            }
        }
        if (!packages.isEmpty()) {
            commands.add(List.of("apt-get", "update", "-q"));
            commands.add(DoctorNeed.install(packages));
        }
        return commands;
    }

    /** One package that apt does not know makes it install none: each is then tried alone. */
    private void supply(List<DoctorNeed> missing) throws IOException, InterruptedException {
        for (List<String> command : commands(missing)) {
            if (!ran(command)
                    && command.contains("install")
                    && !command.equals(missing.getLast().remedy())) {
                failed.removeLast();
                for (DoctorNeed need : missing) {
                    if (!need.packages().isEmpty()) {
                        ran(need.remedy());
                    }
                }
            }
        }
    }

    private boolean ran(List<String> command) throws IOException, InterruptedException {
        PrintWriter log = spec.commandLine().getErr();
        String line = String.join(" ", command);
        log.println("running: " + line);
        log.flush();
        int exit = supplier.run(command, log);
        if (exit != 0) {
            failed.add(line);
            log.println("failed with exit code " + exit + ": " + line);
        }
        return exit == 0;
    }

    private void print(List<DoctorNeed> missing) {
        PrintWriter out = spec.commandLine().getOut();
        for (DoctorNeed need : needs) {
            boolean present = need.isPresent();
            out.printf(Locale.ROOT, "%-7s %-41s %s%n", present ? "ok" : "MISSING", need.capability(), need.what());
            if (!present) {
                out.printf(
                        Locale.ROOT,
                        "        %s%n",
                        need.suppliable() ? String.join(" ", need.remedy()) : need.advice());
            }
        }
        failed.forEach(command -> out.println("Failed: " + command));
        if (missing.isEmpty()) {
            out.println("Nothing is missing that a command could supply.");
        } else if (fix) {
            out.println("Still missing: "
                    + String.join(", ", missing.stream().map(DoctorNeed::what).toList()));
        } else {
            out.println("Supply all of it, as root (or ./nvremote doctor --fix):");
            commands(missing).forEach(command -> out.println("  " + String.join(" ", command)));
        }
        out.flush();
    }

    private void printJson(List<DoctorNeed> missing) {
        ObjectNode root = new ObjectMapper().createObjectNode().put("ok", missing.isEmpty());
        ArrayNode list = root.putArray("needs");
        for (DoctorNeed need : needs) {
            boolean present = need.isPresent();
            ObjectNode node = list.addObject()
                    .put("capability", need.capability())
                    .put("what", need.what())
                    .put("present", present);
            if (!present && need.suppliable()) {
                node.put("command", String.join(" ", need.remedy()));
            } else if (!present) {
                node.put("advice", need.advice());
            }
        }
        ArrayNode commands = root.putArray("commands");
        commands(missing).forEach(command -> commands.add(String.join(" ", command)));
        ArrayNode failures = root.putArray("failed");
        failed.forEach(failures::add);
        spec.commandLine().getOut().println(root.toPrettyString());
        spec.commandLine().getOut().flush();
    }

    /** This machine, if it is a Debian and we are root. */
    private static final class Apt implements Supplier {

        @Override
        public boolean able() {
            return Machine.isDebian() && Machine.isRoot();
        }

        @Override
        public int run(List<String> command, PrintWriter log) throws IOException, InterruptedException {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.redirectInput(
                    ProcessBuilder.Redirect.from(new File("/dev/null"))); // a question fails, it does not wait
            builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
            Process process;
            try {
                process = builder.start();
            } catch (IOException e) {
                log.println(e.getMessage());
                return 127; // as a shell says it: no such command
            }
            try (BufferedReader lines = process.inputReader()) {
                lines.lines().forEach(line -> {
                    log.println(line);
                    log.flush();
                });
            }
            return process.waitFor();
        }
    }
}
