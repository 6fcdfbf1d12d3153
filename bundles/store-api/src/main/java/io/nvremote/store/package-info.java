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
 * }</pre>
 *
 * <p>A {@code javax.sql.DataSource} service with the property {@code store.role} ({@code owner} or {@code app}) is what
 * providers of a database offer: an external server by configuration, or a server of our own.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.nvremote.store;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
