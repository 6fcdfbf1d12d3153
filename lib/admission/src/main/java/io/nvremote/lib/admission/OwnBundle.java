// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.admission;

import org.osgi.framework.Version;

/**
 * One of the bundles that a runtime is shipped with, as far as a plugin may want its place.
 *
 * @param part whether others are wired to it, or it offers nothing of a plugin's kinds: no plugin can stand in for it
 */
public record OwnBundle(String name, Version version, boolean part) {

    /** What its manifest says. */
    public static OwnBundle of(Headers headers) {
        boolean offers = headers.clauses("Provide-Capability").stream()
                .flatMap(clause -> clause.paths().stream())
                .anyMatch(PluginManifest.KINDS::contains);
        return new OwnBundle(
                headers.clauses("Bundle-SymbolicName").stream()
                        .map(clause -> clause.paths().getFirst())
                        .findFirst()
                        .orElse(""),
                Version.parseVersion(headers.value("Bundle-Version")),
                headers.value("Export-Package") != null || !offers);
    }
}
