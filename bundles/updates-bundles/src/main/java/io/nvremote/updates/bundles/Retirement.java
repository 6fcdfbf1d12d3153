// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.bundles;

import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.runtime.Retiring;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Versions that only end what they began, beside who took their place. One exchange at a time; {@link #parts} is for any thread.
 */
final class Retirement {

    private static final Logger LOG = LoggerFactory.getLogger(Retirement.class);

    private final BundleContext context;
    private final Working working;
    private final Steps steps;
    private final Set<Part> retired = ConcurrentHashMap.newKeySet();

    Retirement(BundleContext context, Working working, Steps steps) {
        this.context = context;
        this.working = working;
        this.steps = steps;
    }

    Set<Part> parts() {
        return Set.copyOf(retired);
    }

    boolean includes(Bundle bundle) {
        return retired.contains(new Part(bundle));
    }

    /** It lets go of what only one version can have. */
    void begin(Part part) {
        retired.add(part);
        tell(part, Retiring::retire);
    }

    /** It begins again what comes; nothing if it did not retire. */
    void takeBack(Part part) {
        if (retired.remove(part)) {
            tell(part, Retiring::resume);
        }
    }

    private void tell(Part part, Consumer<Retiring> step) {
        for (ServiceReference<Retiring> reference : working.references(Retiring.class)) {
            Retiring component = part.bundle().equals(reference.getBundle()) ? context.getService(reference) : null;
            if (component != null) {
                try {
                    steps.run("retirement", part.bundle(), () -> step.accept(component));
                } finally {
                    context.ungetService(reference);
                }
            }
        }
    }

    /** Stops those with which nothing would end that is under way, in them or in who can't be without them. */
    List<Part> over() {
        List<Part> over = retired.stream()
                .filter(part -> working.ends(part.bundle(), true).isEmpty())
                .toList();
        for (Part part : over) {
            try {
                steps.stop(part.bundle());
            } catch (StreamException e) {
                LOG.atWarn()
                        .setCause(e)
                        .addKeyValue(Keys.BUNDLE, part.name())
                        .log("a version that retired did not stop cleanly");
            }
            retired.remove(part);
        }
        return over;
    }
}
