// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.services;

import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;

/**
 * Whether another bundle offers what a bundle that stops did. Whoever used it has changed over then, and what it opened goes on until its
 * owner closes it: a session that runs over a socket or a key outlives the update of what made it. Without one, nothing may be left open.
 */
public final class Successor {

    private Successor() {}

    /** Whether one is there, when the own one is gone or about to go. The context is that of the bundle that stops. */
    public static boolean isThere(BundleContext context, Class<?> service) {
        try {
            return Stream.ofNullable(context.getAllServiceReferences(service.getName(), null))
                    .flatMap(Stream::of)
                    .anyMatch(offered -> !context.getBundle().equals(offered.getBundle()));
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("no filter was given", e);
        }
    }
}
