// SPDX-License-Identifier: Apache-2.0
package io.nvremote.launch;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/** The executable jar that this class lies in: its name, the configurations that it brings, and its bundles. */
final class RuntimeJar {

    private static final String BUNDLES = "jar/";
    private static final String CONFIGURATIONS = "nvremote/config/";

    private final Path file;

    RuntimeJar(Path file) {
        this.file = file;
    }

    static RuntimeJar own() {
        try {
            return new RuntimeJar(Path.of(RuntimeJar.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code gateway} of {@code gateway.jar}. */
    String name() {
        return String.valueOf(file.getFileName()).replaceAll("\\.jar$", "");
    }

    /** The address of something in the jar. */
    String address(String entry) {
        return "jar:" + file.toUri() + "!/" + entry;
    }

    /** What the runtime is configured with before anybody says anything, one layer over the other. */
    void configurations(Layers layers) {
        TreeMap<String, String> found = new TreeMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : entries(zip)) {
                if (entry.getName().startsWith(CONFIGURATIONS)
                        && entry.getName().endsWith(".json")) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        found.put(entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
                    }
                }
            }
        } catch (IOException e) {
            throw new Refusal(file + ": this jar can't be read (" + e + ")");
        }
        found.forEach((entry, text) -> layers.add(text, entry.substring(CONFIGURATIONS.length()) + " of this jar"));
    }

    /** All that bundles say of their configurations, file by file. */
    void descriptions(BiConsumer<String, byte[]> reader) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : entries(zip)) {
                boolean bundle =
                        entry.getName().startsWith(BUNDLES) && entry.getName().endsWith(".jar");
                if (bundle && !entry.getName().contains("io.nvremote.wrap.")) { // large, and without components
                    try (ZipInputStream inner = new ZipInputStream(zip.getInputStream(entry))) {
                        for (ZipEntry each = inner.getNextEntry(); each != null; each = inner.getNextEntry()) {
                            if (each.getName().startsWith("OSGI-INF/")
                                    && each.getName().endsWith(".xml")) {
                                reader.accept(each.getName(), inner.readAllBytes());
                            }
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new Refusal(file + ": this jar can't be read (" + e + ")");
        }
    }

    private static List<ZipEntry> entries(ZipFile zip) {
        return zip.stream().map(entry -> (ZipEntry) entry).toList();
    }
}
