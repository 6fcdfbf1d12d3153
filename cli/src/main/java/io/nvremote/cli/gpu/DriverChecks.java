// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli.gpu;

import io.nvremote.cli.gpu.Finding.Outcome;
import io.nvremote.encode.nvenc.NvencProbe;
import io.nvremote.gpu.GpuCard;
import io.nvremote.gpu.GpuFault;
import io.nvremote.gpu.nvml.NvmlProbe;
import io.nvremote.media.Codec;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The driver's libraries, and what they say of the machine before anything is encoded. */
final class DriverChecks {

    private static final List<Path> USUAL_FOLDERS =
            List.of(Path.of("/usr/lib/x86_64-linux-gnu"), Path.of("/usr/lib64"), Path.of("/usr/lib"));

    private static final Duration LISTEN = Duration.ofSeconds(1);

    private final CheckMachine machine;

    DriverChecks(CheckMachine machine) {
        this.machine = machine;
    }

    /** @param capability what a container has to be given for it */
    @SuppressWarnings("restricted") // to see whether it loads
    Outcome library(String name, String debian, String capability) throws IOException {
        try {
            SymbolLookup.libraryLookup(machine.library(name), Arena.global());
        } catch (IllegalArgumentException e) {
            boolean there = USUAL_FOLDERS.stream().anyMatch(folder -> Files.exists(folder.resolve(name)));
            return there
                    ? Outcome.fail("it is there and can't be loaded: install NVIDIA's driver anew")
                    : Outcome.notProven("not found: install NVIDIA's driver (Debian: " + debian
                            + "), or give a container the capability " + capability);
        }
        Path file = loaded(name);
        return Outcome.pass("loaded").with("file", file).with("version", version(name, file.toRealPath()));
    }

    /** Where a library that is loaded lies (proc_pid_maps(5)). */
    private Path loaded(String name) throws IOException {
        String stem = name.substring(0, name.indexOf(".so"));
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.map(line -> line.substring(line.lastIndexOf(' ') + 1))
                    .filter(path -> path.substring(path.lastIndexOf('/') + 1).startsWith(stem + ".so"))
                    .map(Path::of)
                    .findFirst()
                    .orElseThrow(() -> new IOException(name + " is loaded and not to be found in /proc/self/maps"));
        }
    }

    /** NVIDIA's libraries carry the driver's version in the names of their files. */
    private static String version(String name, Path file) {
        String stem = name.substring(0, name.indexOf(".so")) + ".so.";
        String last = file.getFileName().toString();
        return last.startsWith(stem) && !last.equals(name) ? last.substring(stem.length()) : "not told";
    }

    private NvmlProbe management() {
        String library = "libnvidia-ml.so.1";
        try {
            return new NvmlProbe(machine.library(library));
        } catch (UnsatisfiedLinkError e) {
            throw new NotProven(library + " can't be loaded: install NVIDIA's driver (Debian: libnvidia-ml1)");
        } catch (IllegalStateException e) {
            throw new NotProven(e.getMessage() + ": is the driver's kernel module loaded?");
        }
    }

    Outcome nvml() {
        NvmlProbe nvml = management();
        List<GpuCard> cards = nvml.cards();
        if (cards.isEmpty()) {
            throw new NotProven("NVIDIA's driver " + nvml.driverVersion() + " sees no GPU");
        }
        Outcome outcome = Outcome.pass("GPUs by NVML: " + cards.size()).with("driver", nvml.driverVersion());
        for (GpuCard card : cards) {
            outcome = outcome.with(
                    card.uuid(),
                    card.name() + ", " + told(card.memoryTotalMb()) + " MiB, " + told(card.memoryUsedMb())
                            + " of them used, load " + told(card.load()) + " %, encoder sessions "
                            + told(card.encoderSessions()) + ", capture sessions " + told(card.captureSessions()));
        }
        return outcome;
    }

    private static String told(@Nullable Number figure) {
        return figure == null ? "unknown" : figure.toString();
    }

    /** A fault in this moment is one too many; those before are in the kernel's log alone. */
    Outcome faults() {
        NvmlProbe.Listened listened;
        try {
            listened = management().listen(LISTEN);
        } catch (IllegalStateException e) {
            return Outcome.fail(String.valueOf(e.getMessage()));
        }
        GpuFault fault = listened.fault();
        if (fault != null) {
            return Outcome.fail("the driver tells of Xid " + fault.xid() + " on " + fault.gpu()
                    + ": the kernel's log has more (dmesg, NVRM)");
        }
        if (listened.heard() == 0) {
            throw new NotProven(listened.deaf().values().stream().findFirst().orElse("NVIDIA's driver sees no GPU"));
        }
        Outcome outcome = Outcome.pass("GPUs whose faults are heard: " + listened.heard() + ", none told of within "
                + LISTEN.toSeconds() + " s");
        for (Map.Entry<String, String> deaf : listened.deaf().entrySet()) {
            outcome = outcome.with(deaf.getKey(), deaf.getValue());
        }
        return outcome;
    }

    Outcome devices() {
        Map<String, String> gpus = probe().gpus();
        Outcome outcome = Outcome.passIf(!gpus.isEmpty(), "GPUs by CUDA: " + gpus.size());
        for (Map.Entry<String, String> gpu : gpus.entrySet()) {
            outcome = outcome.with(gpu.getKey(), gpu.getValue());
        }
        return outcome;
    }

    private NvencProbe probe() {
        return new NvencProbe(machine.encoder());
    }

    Outcome instance() {
        List<String> versions = probe().versions();
        return Outcome.pass("all functions are there")
                .with("driver's API", versions.get(0))
                .with("spoken", versions.get(1));
    }

    /** Without an encoder the driver looks at the version words first, and says then that there is none. */
    Outcome sessions() {
        NvencProbe probe = probe();
        Outcome outcome = Outcome.pass("each version's words are taken");
        for (String uuid : probe.gpus().keySet()) {
            Map<String, Integer> answers = probe.sessions(uuid);
            boolean right =
                    answers.values().stream().allMatch(status -> status == 0 || NvencProbe.meansNoEncoder(status));
            String statuses = answers.entrySet().stream()
                    .map(each -> each.getKey() + ": " + status(each.getValue()))
                    .collect(Collectors.joining(", "));
            if (!right) {
                return Outcome.fail("a version's words are refused").with(uuid, statuses);
            }
            outcome = outcome.with(uuid, statuses);
        }
        return outcome;
    }

    private static String status(int status) {
        return status == 0
                ? "opened"
                : NvencProbe.meansNoEncoder(status) ? "no encoder (status " + status + ")" : "status " + status;
    }

    Outcome capabilities() {
        Map<Codec, String> codecs = probe().codecs();
        Outcome outcome = Outcome.passIf(!codecs.isEmpty(), codecs.size() + " codecs");
        for (Map.Entry<Codec, String> codec : codecs.entrySet()) {
            outcome = outcome.with(codec.getKey().name(), codec.getValue());
        }
        return outcome;
    }
}
