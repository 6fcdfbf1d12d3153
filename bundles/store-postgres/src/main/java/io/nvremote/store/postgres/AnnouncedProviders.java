// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import io.nvremote.store.SchemaProvider;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Whose steps this runtime will bring, by what its bundles say in their manifests: known before any of them has started.
 * Provider to bundle. Safe for any thread.
 */
final class AnnouncedProviders implements Supplier<Map<String, String>> {

    private final BundleContext context;

    AnnouncedProviders(BundleContext context) {
        this.context = context;
    }

    @Override
    public Map<String, String> get() {
        Map<String, String> announced = new TreeMap<>();
        boolean starting = context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() != Bundle.ACTIVE;
        for (Bundle bundle : context.getBundles()) {
            BundleRevision revision = bundle.adapt(BundleRevision.class);
            if (revision != null
                    && (starting || bundle.adapt(BundleStartLevel.class).isPersistentlyStarted())) {
                revision.getDeclaredCapabilities(SchemaProvider.NAMESPACE)
                        .forEach(one -> announced.put(
                                String.valueOf(one.getAttributes().get("provider")),
                                String.valueOf(bundle.getSymbolicName())));
            }
        }
        return announced;
    }
}
