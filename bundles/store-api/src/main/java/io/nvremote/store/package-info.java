// SPDX-License-Identifier: Apache-2.0
/**
 * Transactions in the control plane's database.
 *
 * <p>{@link io.nvremote.store.Store#within} opens a transaction that sees one organisation's rows and no other's: row-level
 * security in the database filters by it, whatever the query says. {@link io.nvremote.store.Store#global} opens one that
 * sees no organisation's rows at all, for users, sign-ins and the few lookups that come before an organisation is known.
 *
 * <pre>{@code
 * List<String> names = store.within(org, tx -> Rows.names(tx));
 * List<String> again = store.select(org, "SELECT name FROM hosts WHERE org_id = ?", List.of(org.value()), row -> row.getString(1));
 * }</pre>
 *
 * <p>Who keeps rows brings the steps that make its tables as a {@link io.nvremote.store.SchemaSteps} service:
 *
 * <pre>{@code
 * @Component
 * @SchemaProvider(provider = "notes", requires = "directory", views = "notes_of_users")
 * @Requirement(namespace = SchemaProvider.NAMESPACE, filter = "(provider=directory)", effective = "active")
 * public final class NotesSchema implements SchemaSteps {
 *     public List<String> files() {
 *         return List.of("V1__tables.sql", "R__functions.sql", "R__grants.sql");
 *     }
 * }
 * }</pre>
 *
 * <p>A {@code javax.sql.DataSource} service with the property {@code store.role} ({@code owner} or {@code app}) is what
 * providers of a database offer: an external server by configuration, or a server of our own.
 */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.store;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
