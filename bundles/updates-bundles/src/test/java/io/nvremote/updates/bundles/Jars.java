// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.bundles;

import io.nvremote.tests.jars.JarFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bundles of one component each, unsigned. */
final class Jars {

    private static final String SUPPLIER = "interface='java.util.function.Supplier'";

    private final Path folder;

    Jars(Path folder) {
        this.folder = folder;
    }

    /** Offers what {@link #user} needs. */
    Path part(String version, Class<?> type, Map<String, String> more) throws IOException {
        return jar("a.part", version, type, "", "<service><provide " + SUPPLIER + "/></service>", more);
    }

    Path part(String version) throws IOException {
        return part(version, Parts.Good.class, Map.of());
    }

    /** As {@link #part}, of a type that keeps what it began. */
    Path keeping(String version, Class<?> type) throws IOException {
        return jar(
                "a.part",
                version,
                type,
                "",
                "<service><provide " + SUPPLIER + "/><provide interface='io.nvremote.runtime.Retiring'/>"
                        + "<provide interface='io.nvremote.runtime.Underway'/></service>",
                Map.of("Nvremote-Replace", "retires", "Import-Package", "io.nvremote.runtime,org.osgi.framework"));
    }

    Path user() throws IOException {
        return jar(
                "a.user",
                "1.0.0",
                Parts.User.class,
                "init='1'",
                "<service><provide interface='io.nvremote.runtime.Underway'/></service><reference name='it' parameter='0' "
                        + SUPPLIER + "/>",
                Map.of("Import-Package", "a.api,io.nvremote.runtime"));
    }

    /** As {@link #user}, but it changes over while it runs. */
    Path follower() throws IOException {
        return jar(
                "a.user",
                "1.0.0",
                Parts.Follower.class,
                "",
                "<service><provide interface='io.nvremote.runtime.Underway'/></service><reference name='it' policy='dynamic'"
                        + " policy-option='greedy' bind='came' unbind='gone' " + SUPPLIER + "/>",
                Map.of("Import-Package", "io.nvremote.runtime"));
    }

    /** A package that {@link #user} is wired to. */
    Path api(String version) throws IOException {
        return jar("a.api", version, null, "", "", Map.of("Export-Package", "a.api;version=" + version));
    }

    private Path jar(
            String name,
            String version,
            @Nullable Class<?> type,
            String attributes,
            String content,
            Map<String, String> more)
            throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Bundle-ManifestVersion", "2");
        headers.put("Bundle-SymbolicName", name);
        headers.put("Bundle-Version", version);
        if (type != null) {
            headers.put("Service-Component", "OSGI-INF/it.xml");
            headers.put(
                    "Require-Capability",
                    "osgi.extender;filter:=\"(&(osgi.extender=osgi.component)(version>=1.4)(!(version>=2)))\"");
        }
        headers.putAll(more);
        Map<String, byte[]> entries = new LinkedHashMap<>();
        if (type == null) {
            entries.put(name.replace('.', '/') + "/nothing.txt", new byte[] {1});
        } else {
            String xml = "<scr:component xmlns:scr='http://www.osgi.org/xmlns/scr/v1.4.0' name='" + name
                    + "' immediate='true' " + attributes + "><implementation class='" + type.getName() + "'/>"
                    + content + "</scr:component>";
            entries.put("OSGI-INF/it.xml", xml.getBytes(StandardCharsets.UTF_8));
            entries.put(JarFiles.path(Parts.class), JarFiles.bytes(Parts.class));
            entries.put(JarFiles.path(type), JarFiles.bytes(type));
            if (type.getSuperclass().getEnclosingClass() == Parts.class) {
                entries.put(JarFiles.path(type.getSuperclass()), JarFiles.bytes(type.getSuperclass()));
            }
            for (Class<?> inner : type.getDeclaredClasses()) {
                entries.put(JarFiles.path(inner), JarFiles.bytes(inner));
            }
        }
        return JarFiles.jar(folder, headers, entries);
    }
}
