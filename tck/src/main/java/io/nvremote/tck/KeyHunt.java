// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tck;

import io.nvremote.tunnel.TunnelKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Looks for a private key where none may be: files of the moment, command lines and environments of processes. */
final class KeyHunt {

    private static final long SMALL = 1 << 16;

    private final List<byte[]> forms;
    private final long beganMillis;

    KeyHunt(TunnelKeys keys) {
        byte[] key = keys.privateKey().clone();
        forms = List.of(
                key,
                Base64.getEncoder().encode(key),
                HexFormat.of().formatHex(key).getBytes(StandardCharsets.US_ASCII));
        beganMillis = System.currentTimeMillis() - 2000; // file systems count coarsely
    }

    boolean in(byte[] bytes) {
        return forms.stream().anyMatch(form -> TunnelPair.contains(bytes, form));
    }

    /** Where the key was found. */
    List<Path> outsideMemory() {
        List<Path> found = new ArrayList<>();
        for (String folder : List.of(System.getProperty("java.io.tmpdir"), "/run/wireguard", "/etc/wireguard")) {
            files(Path.of(folder)).stream().filter(this::holds).forEach(found::add);
        }
        ProcessHandle.current().descendants().forEach(process -> {
            for (String part : List.of("cmdline", "environ")) {
                Path path = Path.of("/proc", Long.toString(process.pid()), part);
                if (holds(path)) {
                    found.add(path);
                }
            }
        });
        return found;
    }

    private List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(this::fresh).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean fresh(Path file) {
        try {
            return Files.isRegularFile(file)
                    && Files.size(file) < SMALL
                    && Files.getLastModifiedTime(file).toMillis() >= beganMillis;
        } catch (IOException e) {
            return false; // gone since it was listed
        }
    }

    private boolean holds(Path file) {
        try {
            return in(Files.readAllBytes(file));
        } catch (IOException e) {
            return false; // gone, or another user's
        }
    }
}
