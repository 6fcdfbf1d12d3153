// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import io.nvremote.core.StreamException;
import io.nvremote.store.SchemaProvider;
import io.nvremote.store.SchemaSteps;
import io.nvremote.store.StoreError;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The steps of one provider and what must come before them. Two are equal only if the steps are the same object: those of an
 * updated bundle are others.
 */
record ProviderSteps(String provider, Set<String> requires, SchemaSteps steps) {

    /** Part of the name of a table. */
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,40}");

    ProviderSteps {
        if (!NAME.matcher(provider).matches()) {
            throw new StreamException(
                    StoreError.SCHEMA_INCOMPLETE, "a provider of tables must have a name like " + NAME);
        }
        requires = Set.copyOf(requires);
    }

    /** With the service's properties. */
    static ProviderSteps of(SchemaSteps steps, Map<String, ?> properties) {
        return new ProviderSteps(
                String.valueOf(properties.get(SchemaProvider.PREFIX_ + "provider")),
                names(properties.get(SchemaProvider.PREFIX_ + "requires")),
                steps);
    }

    /** Outside the framework: with what the class is marked with. */
    static ProviderSteps of(SchemaSteps steps) {
        SchemaProvider marked = steps.getClass().getAnnotation(SchemaProvider.class);
        if (marked == null) {
            throw new StreamException(
                    StoreError.SCHEMA_INCOMPLETE, steps.getClass() + " is not marked with @SchemaProvider");
        }
        return new ProviderSteps(marked.provider(), Set.of(marked.requires()), steps);
    }

    private static Set<String> names(@Nullable Object property) {
        return switch (property) {
            case String[] many -> Set.of(many);
            case String one -> Set.of(one);
            case null, default -> Set.of();
        };
    }
}
