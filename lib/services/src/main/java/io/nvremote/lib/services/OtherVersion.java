// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.services;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** Other versions of one's own bundle, at work beside it while one takes the place of the other. Safe for any thread. */
public final class OtherVersion {

    private OtherVersion() {}

    /** Whether they are two versions of one bundle. */
    public static boolean isOf(@Nullable Bundle own, @Nullable Bundle other) {
        return own != null
                && other != null
                && !own.equals(other)
                && Objects.equals(own.getSymbolicName(), other.getSymbolicName());
    }

    /** Whether there is an active one. */
    public static boolean isActive(BundleContext own) {
        return Stream.of(own.getBundles())
                .anyMatch(other -> other.getState() == Bundle.ACTIVE && isOf(own.getBundle(), other));
    }

    /**
     * What they offer of that kind now, to be used at once and not kept. Among all, since a service that is offered by a type of one version too is
     * hidden from the other, which has a type of that name itself.
     */
    public static <S> List<S> services(BundleContext own, Class<S> type) {
        List<S> services = new ArrayList<>();
        try {
            ServiceReference<?>[] all = own.getAllServiceReferences(type.getName(), null);
            for (ServiceReference<?> reference : all == null ? new ServiceReference<?>[0] : all) {
                boolean known = isOf(own.getBundle(), reference.getBundle())
                        && reference.isAssignableTo(own.getBundle(), type.getName());
                Object service = known ? own.getService(reference) : null;
                if (service != null) {
                    services.add(type.cast(service));
                    own.ungetService(reference);
                }
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("no filter was given", e);
        }
        return services;
    }
}
