// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import io.nvremote.core.StreamException;
import io.nvremote.store.StoreError;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Providers in the order of what they require, and by name where that leaves a choice. */
final class SchemaOrder {

    private final Map<String, ProviderSteps> byName = new TreeMap<>();
    private final Set<ProviderSteps> ordered = new LinkedHashSet<>();
    /** From who asked first to who is being looked at. */
    private final Deque<String> path = new ArrayDeque<>();

    private SchemaOrder() {}

    /** @throws StreamException {@link StoreError#SCHEMA_INCOMPLETE} for one that is missing, there twice, or on a circle */
    static List<ProviderSteps> of(Collection<ProviderSteps> providers) {
        SchemaOrder order = new SchemaOrder();
        for (ProviderSteps each : providers) {
            if (order.byName.put(each.provider(), each) != null) {
                throw refused("two bundles bring the tables of " + each.provider());
            }
        }
        order.byName.values().forEach(order::place);
        return List.copyOf(order.ordered);
    }

    private void place(ProviderSteps provider) {
        if (ordered.contains(provider)) {
            return;
        }
        if (path.contains(provider.provider())) {
            List<String> circle = new ArrayList<>(path);
            circle = circle.subList(circle.indexOf(provider.provider()), circle.size());
            throw refused("tables require each other: " + String.join(" -> ", circle) + " -> " + provider.provider());
        }
        path.addLast(provider.provider());
        for (String required : provider.requires().stream().sorted().toList()) {
            ProviderSteps first = byName.get(required);
            if (first == null) {
                throw refused("the tables of " + provider.provider() + " require those of " + required
                        + ", which no bundle brings");
            }
            place(first);
        }
        path.removeLast();
        ordered.add(provider);
    }

    private static StreamException refused(String why) {
        return new StreamException(StoreError.SCHEMA_INCOMPLETE, why);
    }
}
