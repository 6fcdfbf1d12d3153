// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.admission;

import io.nvremote.core.StreamException;
import io.nvremote.lib.services.MissingPackage;
import io.nvremote.updates.UpdateError;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;

/**
 * The packages that a runtime has for plugins, by the manifests of its bundles: a look ahead at what the framework does when it resolves
 * one. Immutable.
 */
public final class RuntimePackages {

    private final Map<String, SortedSet<Version>> exported = new HashMap<>();

    /** Those of bundles, the framework's among them, and of the JDK that this runs on. */
    public RuntimePackages(Collection<Headers> bundles) {
        for (Headers bundle : bundles) {
            for (Headers.Clause clause : bundle.clauses("Export-Package")) {
                Version version = Version.parseVersion(clause.value("version", ""));
                clause.paths().forEach(name -> add(name, version));
            }
        }
        for (Module module : ModuleLayer.boot().modules()) {
            module.getDescriptor().exports().stream()
                    .filter(export -> !export.isQualified())
                    .forEach(export -> add(export.source(), Version.emptyVersion));
        }
    }

    private void add(String name, Version version) {
        exported.computeIfAbsent(name, n -> new TreeSet<>()).add(version);
    }

    /** Throws {@link UpdateError#NOT_COMPATIBLE}, naming the first package that the plugin can't do without and that is not there. */
    public void check(PluginManifest plugin) {
        for (Headers.Clause clause : plugin.imports()) {
            boolean optional = clause.value("resolution:", "").equals("optional");
            VersionRange range = VersionRange.valueOf(clause.value("version", "0"));
            for (String name : clause.paths()) {
                SortedSet<Version> here = exported.getOrDefault(name, new TreeSet<>());
                if (!optional && !name.startsWith("java.") && here.stream().noneMatch(range::includes)) {
                    SortedSet<String> versions = new TreeSet<>();
                    here.forEach(version -> versions.add(version.toString()));
                    throw new StreamException(
                            UpdateError.NOT_COMPATIBLE,
                            plugin.name() + " " + plugin.version() + " " + sentence(name, range, versions));
                }
            }
        }
    }

    private static String sentence(String name, VersionRange range, SortedSet<String> here) {
        Version from = range.getLeft();
        Version until = range.getRight();
        return MissingPackage.sentence(
                name,
                from.equals(Version.emptyVersion) ? null : from.toString(),
                until == null ? null : until.toString(),
                here);
    }
}
