// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.bundles;

import io.nvremote.core.StreamException;
import io.nvremote.lib.signed.Publishers;
import io.nvremote.lib.signed.SignedJar;
import io.nvremote.updates.UpdateError;
import java.nio.file.Path;
import java.time.Instant;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.startlevel.BundleStartLevel;

/** A version of one of the runtime's bundles, signed by somebody who may release it. Immutable. */
record Release(String name, Version version, SignedJar jar) {

    /**
     * Reads and verifies it.
     *
     * @param at when its certificates have to be valid
     * @throws StreamException with an {@link UpdateError}
     */
    static Release read(Path file, Publishers publishers, Instant at) {
        SignedJar jar = SignedJar.read(file, publishers, at);
        String name = jar.headers().getValue(Constants.BUNDLE_SYMBOLICNAME);
        if (name == null || name.isBlank()) {
            throw new StreamException(UpdateError.NOT_A_PLUGIN, "the jar is no bundle: it has no Bundle-SymbolicName");
        }
        if (jar.headers().getValue(Constants.FRAGMENT_HOST) != null) {
            throw new StreamException(UpdateError.NEVER_ALONE, "the new one is a fragment of another bundle");
        }
        try {
            Version version = Version.parseVersion(jar.headers().getValue(Constants.BUNDLE_VERSION));
            return new Release(name.replaceAll(";.*", "").strip(), version, jar);
        } catch (IllegalArgumentException e) {
            throw new StreamException(UpdateError.NOT_A_PLUGIN, "the jar has no Bundle-Version that can be read", e);
        }
    }

    /** Whether it may follow on the one that runs. */
    void follows(Part old, boolean downgrade) {
        int order = version.compareTo(old.bundle().getVersion());
        if (order == 0) {
            throw new StreamException(UpdateError.ALREADY_INSTALLED, old.name() + " " + version + " is what runs");
        }
        if (order < 0 && !downgrade) {
            throw new StreamException(UpdateError.NOT_NEWER, old.name() + " runs in version " + old.version());
        }
    }

    /** Adds it to the framework, not started, to take that one's place. */
    Bundle install(BundleContext context, Part old) {
        try {
            Bundle fresh = context.installBundle(
                    Part.UPDATE + name + ":" + version + ":" + jar.content().sha256(),
                    jar.content().open());
            if (!name.equals(fresh.getSymbolicName()) || !version.equals(fresh.getVersion())) {
                fresh.uninstall();
                throw new StreamException(UpdateError.TAMPERED, "its manifest can be read in two ways");
            }
            fresh.adapt(BundleStartLevel.class).setStartLevel(old.level());
            return fresh;
        } catch (BundleException e) {
            throw new StreamException(UpdateError.NOT_COMPATIBLE, name + " can't be installed: " + e.getMessage(), e);
        }
    }
}
