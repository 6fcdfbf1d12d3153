// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.bundle.Attribute;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Marks a {@link SchemaSteps} component: the same line feeds the resolver (capability {@code io.nvremote.schema}), tells the
 * store whose steps to wait for before any bundle has started, orders the steps (service properties {@code schema.provider},
 * {@code schema.requires}), and is what the house's rules compare the provider's SQL with.
 *
 * <p>A provider's SQL names what it made itself, the {@link #views} of those it requires, and their tables in foreign keys;
 * nothing else.
 */
@ComponentPropertyType
@Capability(namespace = SchemaProvider.NAMESPACE)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface SchemaProvider {

    String PREFIX_ = "schema.";

    /** Of the capability. */
    String NAMESPACE = "io.nvremote.schema";

    /** Its name, in lower case: the history of its steps is the table {@code schema_history_} and this. */
    @Attribute("provider")
    String provider();

    /** Providers whose steps come first. The bundle requires them by capability, too. */
    @Attribute("requires")
    String[] requires() default {};

    /** Views and functions that others may name. */
    @Attribute("views")
    String[] views() default {};

    /**
     * Views of required providers that this one replaces by its own answer, with the same columns: what the owner wants to know
     * without requiring whoever knows it.
     */
    @Attribute("fills")
    String[] fills() default {};
}
