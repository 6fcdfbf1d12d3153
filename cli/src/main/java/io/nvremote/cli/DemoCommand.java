// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Control plane, gateway, host agent and client on this machine, each its own process, and a stream between them. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "All four runtimes on this machine, and a page to try them.")
final class DemoCommand implements Callable<Integer> {

    /** What the host shows. */
    enum Capture {
        AUTO,
        X11,
        TESTCARD
    }

    /** What the host sends where the client decodes it. */
    enum Codec {
        H264,
        HEVC,
        AV1
    }

    /** Which way the tunnel may take. */
    enum PathChoice {
        AUTO,
        RELAY
    }

    @Option(
            names = "--headless",
            description = "Watch, type and check without a page; exit 1 if anything was not seen.")
    boolean headless;

    @Option(names = "--seconds", defaultValue = "20", description = "How long to watch (headless). Default: 20.")
    int seconds;

    @Option(names = "--capture", defaultValue = "auto", description = "x11, testcard or auto.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    Capture capture;

    @Option(names = "--codec", defaultValue = "h264", description = "h264, hevc (with a GPU, or --fake-gpu) or av1.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    Codec codec;

    @Option(names = "--path", defaultValue = "auto", description = "auto or relay.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    PathChoice path;

    @Option(
            names = "--silence",
            defaultValue = "20",
            description = "Seconds after which a session with a silent other side is over. Default: 20.")
    int silence;

    @Option(names = "--workers", description = "Run the host's native code, capture and encoder, in worker processes.")
    boolean workers;

    @Option(
            names = "--fake-gpu",
            description =
                    "Capture and encode by the NVIDIA driver of the tests: no GPU, its rules around X11 and an encoder of the CPU.")
    boolean fakeGpu;

    /** A process of the demo. */
    enum DemoRuntime {
        CONTROL_PLANE,
        GATEWAY,
        HOST_AGENT,
        CLIENT;

        String folder() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Option(
            names = "--debug",
            paramLabel = "RUNTIME",
            converter = RuntimeName.class,
            description =
                    "Let a debugger in at control-plane, gateway, host-agent or client, on a port of loopback that is printed.")
    @Nullable
    DemoRuntime debug;

    /** As runtimes are written. */
    static final class RuntimeName implements CommandLine.ITypeConverter<DemoRuntime> {
        @Override
        public DemoRuntime convert(String name) {
            for (DemoRuntime runtime : DemoRuntime.values()) {
                if (runtime.folder().equals(name)) {
                    return runtime;
                }
            }
            throw new CommandLine.TypeConversionException(
                    "expected one of control-plane, gateway, host-agent, client but was '" + name + "'");
        }
    }

    @Option(names = "--json", description = "Print the figures as JSON (headless).")
    boolean json;

    @Option(names = "--folder", description = "Where the processes keep their files; default: a new temporary folder.")
    @Nullable
    Path folder;

    @Option(names = "--keep", description = "Leave the folder when the demo ends.")
    boolean keep;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (seconds < 5 || seconds > 86_400) {
            throw new Trouble("--seconds must be 5 to 86400: " + seconds);
        }
        if (silence < 5 || silence > 540) {
            throw new Trouble("--silence must be 5 to 540: " + silence);
        }
        // With --json the figures alone are the output; what happens meanwhile goes to the other stream.
        PrintWriter steps =
                json ? spec.commandLine().getErr() : spec.commandLine().getOut();
        boolean kept = keep || folder != null;
        Path home = folder != null
                ? Files.createDirectories(folder.toAbsolutePath())
                : Files.createTempDirectory("nvremote-demo");
        try (Demo demo = new Demo(home, kept, new Debugger(debug, steps), steps)) {
            Thread stop = new Thread(demo::close, "demo-stop");
            Runtime.getRuntime().addShutdownHook(stop); // Ctrl-C: leave nothing behind
            demo.start(this, headless ? Duration.ofSeconds(seconds) : null);
            if (headless) {
                return DemoReport.print(demo, json, spec.commandLine().getOut());
            }
            steps.println();
            steps.println("Open " + demo.pageAddress());
            steps.println("Ctrl-C stops everything.");
            steps.flush();
            return demo.watch();
        }
    }
}
