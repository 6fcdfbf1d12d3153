// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * One thing a capability needs.
 *
 * @param packages what Debian calls it; empty where no package supplies it
 * @param command what supplies it where no package does, run as root; empty where nothing can be run
 * @param advice what a person can do where nothing can be run
 */
record DoctorNeed(
        String capability,
        String what,
        BooleanSupplier present,
        List<String> packages,
        List<String> command,
        String advice) {

    private static final String SCREEN = "something on that screen";
    private static final String TUNNELS = "tunnel tests against other authors";
    private static final String MEDIA = "media tests against other authors";
    private static final String CAPTURE = "capture X11";
    private static final String FAKE_GPU = "NVIDIA's driver without a GPU, in tests";
    private static final String MACHINES = "several machines on one, in tests";

    /** Everything that is looked for. {@code cnf/packages.txt} is covered by it. */
    static final List<DoctorNeed> ALL = List.of(
            advised(
                    "run anything",
                    "Linux on x86-64",
                    () -> Machine.isLinux() && "amd64".equals(System.getProperty("os.arch")),
                    "use a machine with Linux on x86-64: natives are carried for no other"),
            advised("run anything", "JDK " + Runtime.version().feature(), () -> true, ""),
            command("build", "mvn", "maven"),
            library(CAPTURE, "libX11.so.6", "libx11-6"),
            library(CAPTURE, "libXext.so.6", "libxext6"),
            library(CAPTURE, "libXdamage.so.1", "libxdamage1"),
            library(CAPTURE, "libXfixes.so.3", "libxfixes3"),
            library("input X11", "libXtst.so.6", "libxtst6"),
            library("input X11 (keyboards)", "libXi.so.6", "libxi6"),
            library("input X11 (single outputs)", "libXrandr.so.2", "libxrandr2"),
            library("encode in half of the time", "libopenh264.so.7", "libopenh264-7"),
            command("a screen where there is none", "Xvfb", "xvfb"),
            command("access to that screen", "xauth", "xauth"),
            command(SCREEN, "xterm", "xterm"),
            command(SCREEN, "xclock", "x11-apps"),
            library("a screen that changes its size, in tests", "libXrandr.so.2", "libxrandr2"),
            command("the page in a test", "chromium", "chromium"),
            command(TUNNELS, "wireguard-go", "wireguard-go"),
            command(TUNNELS, "wg", "wireguard-tools"),
            new DoctorNeed(
                    TUNNELS,
                    "TUN device",
                    () -> Machine.readsAndWrites(Path.of("/dev/net/tun")),
                    List.of(),
                    List.of("modprobe", "tun"),
                    ""),
            command(MACHINES, "ip", "iproute2"),
            command(MACHINES, "ping", "iputils-ping"),
            advised(
                    MACHINES,
                    "right to administer networks",
                    DoctorNeed::administersNetworks,
                    "run the tests as root (a container needs CAP_NET_ADMIN); nothing else needs it"),
            command(MEDIA, "ffmpeg", "ffmpeg"),
            command(MEDIA, "gst-launch-1.0", "gstreamer1.0-tools"),
            gstreamer("videotestsrc", "gstreamer1.0-plugins-base"),
            gstreamer("rtp", "gstreamer1.0-plugins-good"),
            gstreamer("videoparsersbad", "gstreamer1.0-plugins-bad"),
            gstreamer("libav", "gstreamer1.0-libav"),
            gstreamer("ximagesink", "gstreamer1.0-x"),
            command(FAKE_GPU, "cc", "gcc"),
            new DoctorNeed(
                    FAKE_GPU,
                    "headers of C",
                    () -> Files.exists(Path.of("/usr/include/stdio.h")),
                    List.of("libc6-dev"),
                    List.of(),
                    ""),
            library(FAKE_GPU, "libaom.so.3", "libaom3"),
            advised(
                    "NVIDIA encoding",
                    "NVIDIA driver",
                    () -> Machine.hasLibrary("libnvidia-encode.so.1"),
                    "install NVIDIA's driver 470.57 or newer; without it encoding is in software"),
            advised("NVIDIA capture", "NvFBC", NvfbcLook::usable, NvfbcLook.trouble()));

    private static DoctorNeed command(String capability, String command, String debian) {
        return new DoctorNeed(capability, command, () -> Machine.hasCommand(command), List.of(debian), List.of(), "");
    }

    private static DoctorNeed library(String capability, String soname, String debian) {
        return new DoctorNeed(capability, soname, () -> Machine.hasLibrary(soname), List.of(debian), List.of(), "");
    }

    /** A plugin of GStreamer: each Debian package is looked for by one file of it. */
    private static DoctorNeed gstreamer(String plugin, String debian) {
        return new DoctorNeed(
                MEDIA,
                "GStreamer's " + plugin,
                () -> Machine.hasLibrary("gstreamer-1.0/libgst" + plugin + ".so"),
                List.of(debian),
                List.of(),
                "");
    }

    private static DoctorNeed advised(String capability, String what, BooleanSupplier present, String advice) {
        return new DoctorNeed(capability, what, present, List.of(), List.of(), advice);
    }

    /** CAP_NET_ADMIN, bit 12 of the effective set (capabilities(7), proc(5)): root in a container may lack it. */
    private static boolean administersNetworks() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("CapEff:"))
                    .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 1L << 12) != 0);
        } catch (IOException e) {
            return false;
        }
    }

    boolean isPresent() {
        return present.getAsBoolean();
    }

    /** Whether a command can supply it. */
    boolean suppliable() {
        return !packages.isEmpty() || !command.isEmpty();
    }

    /** The command that supplies it, or empty. */
    List<String> remedy() {
        return packages.isEmpty() ? command : install(packages);
    }

    static List<String> install(Iterable<String> packages) {
        List<String> command = new ArrayList<>(List.of("apt-get", "install", "-y", "--no-install-recommends"));
        packages.forEach(command::add);
        return command;
    }
}
