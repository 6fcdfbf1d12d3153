// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import java.net.URL;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * What the resources that are there say of themselves: the OpenAPI document, and which address takes which methods. Made once, and anew
 * after a resource has come or gone. Safe for any thread.
 */
@Component(service = Documented.class)
public final class Documented {

    private static final String RESOURCES = "(osgi.jaxrs.resource=true)";

    private final BundleContext context;
    private final ServiceListener changes = event -> forget();
    /** Guarded by this. */
    private long changed;
    /** Guarded by this. */
    private @Nullable Kept kept;

    private record Kept(String document, Addresses addresses) {}

    @Activate
    public Documented(BundleContext context) {
        this.context = context;
        try {
            context.addServiceListener(changes, RESOURCES);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("the filter of resources", e);
        }
    }

    @Deactivate
    void close() {
        context.removeServiceListener(changes);
    }

    /** The OpenAPI 3.1 document, as JSON. */
    String document() {
        return kept().document();
    }

    Addresses addresses() {
        return kept().addresses();
    }

    private synchronized void forget() {
        changed++;
        kept = null;
    }

    private Kept kept() {
        long seen;
        synchronized (this) {
            if (kept != null) {
                return kept;
            }
            seen = changed;
        }
        String document = OpenApi.document(parts());
        Kept made = new Kept(document, Addresses.of(document));
        synchronized (this) {
            if (seen == changed) { // else the next one makes it again
                kept = made;
            }
        }
        return made;
    }

    /** The parts of all bundles that offer resources now. */
    private List<URL> parts() {
        try {
            ServiceReference<?>[] resources = context.getAllServiceReferences(null, RESOURCES);
            return resources == null
                    ? List.of()
                    : List.of(resources).stream()
                            .map(ServiceReference::getBundle)
                            .filter(Objects::nonNull)
                            .distinct()
                            .sorted()
                            .map((Bundle bundle) -> bundle.getEntry(OpenApi.PART))
                            .filter(Objects::nonNull)
                            .toList();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("the filter of resources", e);
        }
    }
}
