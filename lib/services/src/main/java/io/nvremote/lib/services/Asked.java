// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.services;

import java.util.Optional;
import java.util.function.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** A service that is asked now and then, by somebody who must not end when it is exchanged: no reference of a component. */
public final class Asked {

    private Asked() {}

    /** What it answers; empty if it is not there. */
    public static <S, T> Optional<T> now(BundleContext context, Class<S> type, Function<S, T> question) {
        ServiceReference<S> reference = context.getServiceReference(type);
        S service = reference == null ? null : context.getService(reference);
        if (service == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(question.apply(service));
        } finally {
            context.ungetService(reference);
        }
    }
}
