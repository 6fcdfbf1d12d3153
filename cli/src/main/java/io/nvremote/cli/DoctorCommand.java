// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists what this machine has and lacks for each capability, with the command that would supply it. */
@Command(name = "doctor", description = "What this machine has and lacks for each capability.")
final class DoctorCommand implements Callable<Integer> {

    /** One thing to look for. {@code packages} is what Debian calls it; empty where no package supplies it. */
    record Need(String capability, String what, BooleanSupplier present, List<String> packages, String otherwise) {

        static Need command(String capability, String command, String... packages) {
            return new Need(capability, command, () -> Machine.hasCommand(command), List.of(packages), "");
        }

        static Need library(String capability, String soname, String... packages) {
            return new Need(capability, soname, () -> Machine.hasLibrary(soname), List.of(packages), "");
        }
    }

    private static final List<Need> NEEDS = List.of(
            new Need("run anything", "JDK " + Runtime.version().feature(), () -> true, List.of(), ""),
            Need.command("build", "mvn", "maven"),
            Need.library("capture X11", "libX11.so.6", "libx11-6"),
            Need.library("capture X11", "libXext.so.6", "libxext6"),
            Need.library("capture X11", "libXdamage.so.1", "libxdamage1"),
            Need.library("capture X11", "libXfixes.so.3", "libxfixes3"),
            Need.library("input X11", "libXtst.so.6", "libxtst6"),
            Need.command("a screen where there is none", "Xvfb", "xvfb"),
            Need.command("something on that screen", "xterm", "xterm"),
            Need.command("something on that screen", "xclock", "x11-apps"),
            Need.command("the page in a test", "chromium", "chromium"),
            Need.command("tunnel tests against other authors", "wireguard-go", "wireguard-go"),
            Need.command("tunnel tests against other authors", "wg", "wireguard-tools"),
            Need.command("several machines on one", "ip", "iproute2"),
            Need.command("media tests against other authors", "ffmpeg", "ffmpeg"),
            Need.command(
                    "media tests against other authors",
                    "gst-launch-1.0",
                    "gstreamer1.0-tools",
                    "gstreamer1.0-plugins-base",
                    "gstreamer1.0-plugins-good",
                    "gstreamer1.0-plugins-bad",
                    "gstreamer1.0-libav"),
            new Need(
                    "tunnel tests against other authors",
                    "TUN device",
                    () -> Machine.readsAndWrites(Path.of("/dev/net/tun")),
                    List.of(),
                    "modprobe tun, as root"),
            new Need(
                    "NVIDIA capture and encoding",
                    "NVIDIA driver",
                    () -> Machine.hasLibrary("libnvidia-encode.so.1"),
                    List.of(),
                    "install NVIDIA's driver 570 or newer; without it capture is X11 and encoding is in software"));

    @Option(names = "--fix", description = "Run the commands that supply what is missing (Debian, as root).")
    boolean fix;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Set<String> packages = new LinkedHashSet<>();
        for (Need need : NEEDS) {
            boolean present = need.present().getAsBoolean();
            out.printf("%-7s %-38s %s%n", present ? "ok" : "MISSING", need.capability(), need.what());
            if (!present) {
                packages.addAll(need.packages());
                out.printf("        %s%n", remedy(need));
            }
        }
        if (packages.isEmpty()) {
            out.println("Nothing is missing that a package could supply.");
            return 0;
        }
        if (!fix) {
            out.println("Supply all of it: " + String.join(" ", install(packages)));
            return 1;
        }
        if (!Machine.isDebian() || !Machine.isRoot()) {
            throw new Trouble("--fix works on Debian as root; run as root: " + String.join(" ", install(packages)));
        }
        return run(List.of("apt-get", "update", "-q")) == 0 && run(install(packages)) == 0 ? 0 : 1;
    }

    private static String remedy(Need need) {
        return need.packages().isEmpty() ? need.otherwise() : String.join(" ", install(need.packages()));
    }

    private static List<String> install(Iterable<String> packages) {
        List<String> command = new ArrayList<>(List.of("apt-get", "install", "-y", "--no-install-recommends"));
        packages.forEach(command::add);
        return command;
    }

    private static int run(List<String> command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
