// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.admission;

import io.nvremote.core.StreamException;
import io.nvremote.updates.Plugins;
import io.nvremote.updates.UpdateError;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;

/**
 * What a bundle's manifest says, held to what a plugin may say: it offers services of a kind that streams can move between, and has no
 * other hold on the runtime.
 *
 * @param imports the packages that it is wired to
 */
public record PluginManifest(String name, Version version, List<Headers.Clause> imports) {

    /** What a plugin may offer: the kinds that role bundles replace while streams run. */
    public static final Set<String> KINDS = new TreeSet<>(
            Set.of("io.nvremote.capture", "io.nvremote.decode", "io.nvremote.encode", "io.nvremote.input"));

    private static final Set<String> NEEDS = Set.of("osgi.ee", "osgi.extender", "osgi.native", "osgi.service");
    private static final Pattern SYMBOLIC_NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");
    private static final int LONGEST_NAME = 128;
    private static final List<String> BANNED = List.of(
            "Fragment-Host",
            "Bundle-Activator",
            "ExtensionBundle-Activator",
            "DynamicImport-Package",
            "Require-Bundle",
            "Export-Package",
            "Export-Service",
            "Launcher-Agent-Class");

    /**
     * Reads it.
     *
     * @param headers of the manifest
     */
    public static PluginManifest read(Headers headers) {
        String name = headers.value("Bundle-SymbolicName");
        String version = headers.value("Bundle-Version");
        if (name == null || version == null || !"2".equals(trimmed(headers.value("Bundle-ManifestVersion")))) {
            throw refused("the jar is no bundle: its manifest lacks Bundle-SymbolicName, Bundle-Version or"
                    + " Bundle-ManifestVersion: 2 (build it with bnd)");
        }
        PluginManifest manifest = new PluginManifest(symbolic(name), numbered(version), imports(headers));
        if (headers.value(Plugins.TCK_HEADER) == null) {
            throw refused(manifest.name() + " lacks the header " + Plugins.TCK_HEADER
                    + ": say in bnd.bnd which contract tests it passed, for example " + Plugins.TCK_HEADER
                    + ": io.nvremote.encode;version=0.2");
        }
        for (String header : BANNED) {
            if (headers.value(header) != null) {
                throw refused(manifest.name() + " has the header " + header + ", which no plugin may have");
            }
        }
        manifest.offers(namespaces(headers, "Provide-Capability"));
        manifest.needs(namespaces(headers, "Require-Capability"));
        Environment.check(manifest.name(), headers);

        return manifest;
    }

    private void offers(List<String> namespaces) {
        for (String namespace : namespaces) {
            if (!KINDS.contains(namespace) && !namespace.equals("osgi.service")) {
                throw refused(name + " provides a capability " + namespace + ", which no plugin may provide");
            }
        }
        if (namespaces.stream().noneMatch(KINDS::contains)) {
            throw refused(name + " provides no capability " + String.join(", ", KINDS)
                    + " (annotate the component, as with @EncoderPlugin)");
        }
    }

    private void needs(List<String> namespaces) {
        for (String namespace : namespaces) {
            if (!NEEDS.contains(namespace)) {
                throw refused(name + " requires a capability " + namespace + ", which would tie it to another bundle");
            }
        }
    }

    private static List<String> namespaces(Headers headers, String header) {
        return headers.clauses(header).stream()
                .flatMap(clause -> clause.paths().stream())
                .toList();
    }

    /** The name without directives; it names files too, so nothing but what OSGi allows gets through. */
    private static String symbolic(String header) {
        int semicolon = header.indexOf(';');
        String name = (semicolon < 0 ? header : header.substring(0, semicolon)).strip();
        if (!SYMBOLIC_NAME.matcher(name).matches() || name.length() > LONGEST_NAME) {
            throw refused("Bundle-SymbolicName is no name of at most " + LONGEST_NAME + " characters: " + name);
        }
        String directives = header.replaceAll("[\\s\"]", "").toLowerCase(Locale.ROOT);
        if (semicolon >= 0 && directives.contains("singleton:=true")) {
            throw refused(name + " is a singleton: its next version could not start beside it");
        }
        return name;
    }

    private static Version numbered(String header) {
        try {
            return Version.parseVersion(header);
        } catch (IllegalArgumentException e) {
            throw new StreamException(
                    UpdateError.NOT_A_PLUGIN, "Bundle-Version must be like 1.2.3 or 1.2.3.qualifier: " + header, e);
        }
    }

    private static List<Headers.Clause> imports(Headers headers) {
        List<Headers.Clause> imports = headers.clauses("Import-Package");
        for (Headers.Clause clause : imports) {
            String range = clause.value("version", "0");
            try {
                VersionRange.valueOf(range);
            } catch (IllegalArgumentException e) {
                throw new StreamException(
                        UpdateError.NOT_A_PLUGIN, "Import-Package has a version that is no range: " + range, e);
            }
        }
        return imports;
    }

    private static @Nullable String trimmed(@Nullable String value) {
        return value == null ? null : value.strip();
    }

    private static StreamException refused(String why) {
        return new StreamException(UpdateError.NOT_A_PLUGIN, why);
    }
}
