// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;

/**
 * One service as the framework offers it.
 *
 * @param source gets the service itself; the first time that runs its component's code, which may throw or never return
 * @param kinds what it says it can do: codecs of an encoder, the name of a source
 * @param name symbolic name of its bundle
 * @param version of its bundle, comparable part by part
 */
record ServiceCandidate<S>(
        Supplier<@Nullable S> source,
        long serviceId,
        int ranking,
        Set<String> kinds,
        long bundleId,
        String name,
        String version) {

    /** Reads the properties of a service. {@code kindKey} names the one that says what it can do: a text or several. */
    static <S> ServiceCandidate<S> of(
            Supplier<@Nullable S> source,
            Map<String, ?> properties,
            String kindKey,
            long bundleId,
            String name,
            String version) {
        Object kinds = properties.get(kindKey);
        Set<String> names =
                switch (kinds) {
                    case String one -> Set.of(one);
                    case String[] several -> Stream.of(several).collect(Collectors.toUnmodifiableSet());
                    case null, default -> Set.of();
                };
        long id = properties.get("service.id") instanceof Long number ? number : 0;
        int ranking = properties.get("service.ranking") instanceof Integer number ? number : 0;
        return new ServiceCandidate<>(source, id, ranking, names, bundleId, name, version);
    }

    /** By reference: the component's code runs when a stream wants it, on that stream's thread, not on the one that registered it. */
    static <S> ServiceCandidate<S> of(@Nullable BundleContext context, ServiceReference<S> reference, String kindKey) {
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

    /** The id of the candidate that {@link #of} makes of it. */
    static long id(ServiceReference<?> reference) {
        return (Long) reference.getProperty("service.id");
    }

    /** The service. Throws whatever its component throws. */
    S service() {
        S service = source.get();
        if (service == null) {
            throw new IllegalStateException("its component gave no service; the log says why");
        }
        return service;
    }

    /** The same, to be chosen for one more kind. */
    ServiceCandidate<S> alsoAs(String kind) {
        Set<String> more = Stream.concat(kinds.stream(), Stream.of(kind)).collect(Collectors.toUnmodifiableSet());
        return new ServiceCandidate<>(source, serviceId, ranking, more, bundleId, name, version);
    }

    @Override
    public String toString() {
        return name + " " + version;
    }
}
