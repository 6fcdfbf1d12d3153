// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import io.nvremote.lib.admission.PluginManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/** The runtimes that take plugins in while they run. */
final class PluginRuntime {

    static final String HOST = "host-agent";
    static final String CLIENT = "client";
    static final String SOCKET = "updates.sock";

    private static final List<String> ALL = List.of(HOST, CLIENT);

    private PluginRuntime() {}

    static boolean isOne(String role) {
        return ALL.contains(role);
    }

    /** @param runtime a role of the running demo, or the folder that one has for plugins */
    static RuntimeSocket socket(String runtime) {
        return isOne(runtime)
                ? new RuntimeSocket(
                        runtime.replace('-', ' '),
                        "--runtime",
                        Demo.running(runtime, "--runtime").resolve(SOCKET))
                : new RuntimeSocket("runtime", "--runtime", Path.of(runtime).resolve(SOCKET));
    }

    /** The one that a jar is made for: whoever only decodes is a client's; what can't be read as a jar is refused by any. */
    static String of(Path jar, @Nullable String named) {
        if (named != null && isOne(named)) {
            return named;
        }
        try (JarFile file = new JarFile(jar.toFile(), false)) {
            Manifest manifest = file.getManifest();
            String provided =
                    manifest == null ? null : manifest.getMainAttributes().getValue("Provide-Capability");
            List<String> kinds = PluginManifest.KINDS.stream()
                    .filter(kind -> provided != null && provided.contains(kind))
                    .toList();
            return kinds.equals(List.of("io.nvremote.decode")) ? CLIENT : HOST;
        } catch (IOException | RuntimeException e) {
            return HOST;
        }
    }
}
