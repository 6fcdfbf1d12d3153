package io.nvremote.client;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

/** The web app in the bundle that the resolver wired for our requirement of it. */
final class BundleAssets implements PageAssets {

    static final String NAMESPACE = "osgi.webresource";

    private final Bundle provider;
    private final String root;

    BundleAssets(Bundle own) {
        BundleWire wire = own.adapt(BundleWiring.class).getRequiredWires(NAMESPACE).stream()
                .findFirst()
                .orElseThrow(() -> new StreamException(CoreError.INTERNAL, "the page is not wired to this bundle"));
        this.provider = wire.getProvider().getBundle();
        this.root = String.valueOf(wire.getCapability().getAttributes().getOrDefault("root", "/web"));
    }

    @Override
    public byte @Nullable [] read(String name) {
        URL url = provider.getEntry(root + "/" + name);
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
