// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store;

import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The steps that make one provider's tables, views, functions and grants. A service with the properties of
 * {@link SchemaProvider}; the store runs the steps as the owner of the schema, each provider's with a history of its own, in
 * the order of what the providers require.
 *
 * <p>{@code V1__tables.sql}, {@code V2__…} run once, by number, and are never changed once released. {@code R__functions.sql}
 * runs after them, and again whenever its text or the application role's name changes: what it makes it must be able to
 * replace. {@code ${app}} is the name of the application role.
 *
 * <p>Steps of a bundle that is installed while the store is in use hold all calls up while they run: long work on rows that
 * are there belongs in the provider, not in a step. A component of such a bundle that uses the store takes its own steps by
 * reference, too: it is then never activated before they are known.
 *
 * <p><b>Threads.</b> Asked on one thread at a time.
 */
@ConsumerType
public interface SchemaSteps {

    /** The steps' file names, beside the class that implements this. */
    List<String> files();

    /** The text of a step in UTF-8, or null if there is none of that name. The caller closes it. */
    default @Nullable InputStream open(String file) {
        return getClass().getResourceAsStream(file);
    }
}
