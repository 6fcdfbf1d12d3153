// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.services;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;

/**
 * One service as the framework offers it. The same service offered with other properties is equal to it.
 *
 * @param source gets the service itself; the first time that runs its component's code, which may throw or never return
 * @param kinds what it says it can do: codecs of an encoder, the name of a source
 * @param name symbolic name of its bundle; empty where that is not known
 * @param version of its bundle, comparable part by part
 */
public record ServiceCandidate<S>(
        Supplier<? extends @Nullable S> source,
        long serviceId,
        int ranking,
        Set<String> kinds,
        long bundleId,
        String name,
        String version) {

    /** A service that is there already, of a bundle whose version does not matter. {@code kindKey} as in the other. */
    public static <S> ServiceCandidate<S> of(S service, Map<String, ?> properties, String kindKey) {
        long bundle = properties.get(Constants.SERVICE_BUNDLEID) instanceof Long number ? number : -1;
        return of(() -> service, properties, kindKey, bundle, "", "");
    }

    /**
     * By reference: the component's code runs when the service is wanted, on the thread that wants it, not on the one that registered it.
     *
     * @param kindKey names the property that says what it can do: a text or several
     */
    public static <S> ServiceCandidate<S> of(
            @Nullable BundleContext context, ServiceReference<S> reference, String kindKey) {
        BundleContext from = Objects.requireNonNull(context, "a component has one");
        Bundle bundle = reference.getBundle();
        return of(
                () -> from.getService(reference),
                FrameworkUtil.asMap(reference.getProperties()),
                kindKey,
                bundle.getBundleId(),
                bundle.getSymbolicName(),
                bundle.getVersion().toString());
    }

    private static <S> ServiceCandidate<S> of(
            Supplier<? extends @Nullable S> source,
            Map<String, ?> properties,
            String kindKey,
            long bundleId,
            String name,
            String version) {
        Set<String> kinds =
                switch (properties.get(kindKey)) {
                    case String one -> Set.of(one);
                    case String[] several -> Stream.of(several).collect(Collectors.toUnmodifiableSet());
                    case null, default -> Set.of();
                };
        int ranking = properties.get(Constants.SERVICE_RANKING) instanceof Integer number ? number : 0;
        return new ServiceCandidate<>(source, id(properties), ranking, kinds, bundleId, name, version);
    }

    /** The id of the candidate that {@link #of} makes of it. */
    public static long id(Map<String, ?> properties) {
        return properties.get(Constants.SERVICE_ID) instanceof Long number ? number : 0;
    }

    /** The id of the candidate that {@link #of} makes of it. */
    public static long id(ServiceReference<?> reference) {
        return (Long) reference.getProperty(Constants.SERVICE_ID);
    }

    /** The service. Throws whatever its component throws. */
    public S service() {
        S service = source.get();
        if (service == null) {
            throw new IllegalStateException("its component gave no service; the log says why");
        }
        return service;
    }

    /** The same, to be chosen for one more kind. */
    public ServiceCandidate<S> alsoAs(String kind) {
        Set<String> more = Stream.concat(kinds.stream(), Stream.of(kind)).collect(Collectors.toUnmodifiableSet());
        return new ServiceCandidate<>(source, serviceId, ranking, more, bundleId, name, version);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ServiceCandidate<?> candidate && candidate.serviceId == serviceId;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(serviceId);
    }

    @Override
    public String toString() {
        return name + " " + version;
    }
}
