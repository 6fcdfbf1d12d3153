// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;

/** The web app in the bundle that the resolver wired for our requirement of it. */
final class BundleAssets implements PageAssets {

    static final String NAMESPACE = "osgi.webresource";

    private static final String PAGE = "io.nvremote.console";

    private final BundleContext context;

    BundleAssets(BundleContext context) {
        this.context = context;
    }

    /** The newest page that is here now: looked up at each read, so that a new version of it needs no restart of ours. */
    private Bundle page() {
        Bundle newest = null;
        for (Bundle bundle : context.getBundles()) {
            boolean usable = (bundle.getState() & (Bundle.RESOLVED | Bundle.STARTING | Bundle.ACTIVE)) != 0;
            if (usable
                    && capability(bundle) != null
                    && (newest == null || bundle.getVersion().compareTo(newest.getVersion()) > 0)) {
                newest = bundle;
            }
        }
        if (newest == null) {
            throw new StreamException(CoreError.INTERNAL, "no bundle here has the page");
        }
        return newest;
    }

    private static @Nullable BundleCapability capability(Bundle bundle) {
        return bundle.adapt(BundleRevision.class).getDeclaredCapabilities(NAMESPACE).stream()
                .filter(c -> PAGE.equals(c.getAttributes().get(NAMESPACE)))
                .findFirst()
                .orElse(null);
    }

    @Override
    public byte @Nullable [] read(String name) {
        Bundle provider = page();
        BundleCapability capability = capability(provider);
        Object root = capability == null ? null : capability.getAttributes().get("root");
        URL url = provider.getEntry((root == null ? "/web" : root) + "/" + name);
        if (url == null) {
            return null;
        }
        try (InputStream in = url.openStream()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new StreamException(CoreError.INTERNAL, "a file of the page can't be read: " + name, e);
        }
    }
}
