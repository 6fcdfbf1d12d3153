// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import io.nvremote.cli.gpu.CheckMachine;
import io.nvremote.cli.gpu.CheckReport;
import io.nvremote.cli.gpu.CheckRun;
import io.nvremote.cli.gpu.GpuCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says of each thing that streams need of an NVIDIA GPU whether it is proven on this machine, and why not. */
@Command(
        name = "gpu-check",
        mixinStandardHelpOptions = true,
        description = {
            "What this machine's NVIDIA driver and GPUs can do: each check is PASS, FAIL or NOT PROVEN, with the reason.",
            "For a moment it takes all sessions of the encoder: run it while nobody streams."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all PASS",
            "1:a FAIL",
            "2:wrong usage, or a part of nvremote that is not built",
            "3:no FAIL, but not all is proven"
        })
final class GpuCheckCommand implements Callable<Integer> {

    /** What a child process runs, and the driver that it finds in place of the machine's where that is asked for. */
    interface Parts {

        /** {@code work}: for files. */
        List<Path> classPath(Path work) throws IOException;

        Path fakeDriver(Path work) throws IOException;
    }

    @Option(
            names = "--json",
            description = "Print JSON: machine (driver, fake, devices) and checks (check, state, reason, figures).")
    boolean json;

    @Option(
            names = "--fake-gpu",
            description = "Check the NVIDIA driver of the tests: no GPU, its rules around an encoder of the CPU.")
    boolean fakeGpu;

    @Option(
            names = "--host-data",
            paramLabel = "FOLDER",
            description =
                    "Leave the result in this data.folder of a host agent too, which tells its control plane of it.")
    @Nullable
    Path hostData;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    CommandSpec spec;

    private final Collection<GpuCheck> checks;
    private final Parts parts;
    private final Duration limit;

    GpuCheckCommand() {
        this(EnumSet.allOf(GpuCheck.class), new RuntimeParts(), Duration.ofMinutes(2));
    }

    /** @param limit for each check */
    GpuCheckCommand(Collection<GpuCheck> checks, Parts parts, Duration limit) {
        this.checks = checks;
        this.parts = parts;
        this.limit = limit;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (hostData != null && !Files.isDirectory(hostData)) {
            throw new Trouble("no such folder: " + hostData.toAbsolutePath());
        }
        Path work = Files.createTempDirectory("nvremote-gpu-check"); // for its owner alone
        Runtime.getRuntime().addShutdownHook(new Thread(() -> Machine.delete(work))); // Ctrl-C: leave nothing behind
        try {
            CheckMachine machine = new CheckMachine(fakeGpu ? parts.fakeDriver(work) : null, work);
            CheckReport report = new CheckReport(machine.fake());
            new CheckRun(parts.classPath(work), machine, limit).run(checks, finding -> {
                report.add(finding);
                if (!json) {
                    spec.commandLine().getOut().println(report.line(finding));
                    spec.commandLine().getOut().flush();
                }
            });
            spec.commandLine().getOut().println(json ? report.json().toPrettyString() : report.summary());
            spec.commandLine().getOut().flush();
            if (hostData != null) {
                leave(report, hostData.resolve("gpu-check.json"));
            }
            return report.exitCode();
        } finally {
            Machine.delete(work);
        }
    }

    /** Whole or not at all: the host agent may read it now. */
    private static void leave(CheckReport report, Path file) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, report.json().toPrettyString());
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Out of the runtimes that ./nvremote builds: what is checked is what runs. */
    private static final class RuntimeParts implements Parts {

        @Override
        public List<Path> classPath(Path work) throws IOException {
            return RuntimeJars.classPath(Demo.home(), work);
        }

        @Override
        public Path fakeDriver(Path work) {
            FakeGpu.build(Demo.home(), work);
            return work.resolve("fake-gpu");
        }
    }
}
