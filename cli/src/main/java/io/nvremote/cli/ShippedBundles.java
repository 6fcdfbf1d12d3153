// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import io.nvremote.lib.admission.Headers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarInputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The bundles that a runtime is shipped with, by their manifests: its jar holds them, the framework among them. */
final class ShippedBundles {

    private ShippedBundles() {}

    static List<Headers> of(String runtime) throws IOException {
        Path jar = Demo.home().resolve("runtimes/" + runtime + "/target/" + runtime + ".jar");
        if (!Files.exists(jar)) {
            throw new Trouble("runtime " + runtime + " is not built; run ./build -DskipTests package");
        }
        List<Headers> found = new ArrayList<>();
        try (ZipFile bundles = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : bundles.stream().toList()) {
                if (entry.getName().startsWith("jar/") && entry.getName().endsWith(".jar")) {
                    try (JarInputStream in = new JarInputStream(bundles.getInputStream(entry))) {
                        Manifest manifest = in.getManifest();
                        if (manifest != null) {
                            found.add(manifest.getMainAttributes()::getValue);
                        }
                    }
                }
            }
        }
        return found;
    }
}
