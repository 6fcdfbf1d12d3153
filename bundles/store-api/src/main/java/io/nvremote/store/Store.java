// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store;

import io.nvremote.core.OrgId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The control plane's database. A service, there from the start even while the database is down: calls then wait a bounded
 * time (by default 5 s) and fail with {@link StoreError#UNAVAILABLE}; when it is back they succeed again by themselves.
 *
 * <p><b>Threads.</b> Safe for any number of threads; a call blocks its own. Work that lost a race in the database
 * (serialization failure, deadlock) is run again from the start, so it must have no effect outside its transaction.
 */
@ProviderType
public interface Store {

    /** Service property of the {@code DataSource} services: {@link #OWNER} or {@link #APP}. */
    String ROLE = "store.role";

    /** Value of {@link #ROLE}: may change the schema; used for steps of tables only. */
    String OWNER = "owner";

    /** Value of {@link #ROLE}: reads and writes rows, bound by row-level security. */
    String APP = "app";

    /**
     * Runs work in one transaction that sees and writes rows of this organisation only; commits when it returns, rolls back
     * when it throws.
     *
     * @throws io.nvremote.core.StreamException {@link StoreError#UNAVAILABLE}, {@link StoreError#CONFLICT},
     *     {@link StoreError#FULL} or {@link StoreError#FAILED}; what the work itself throws passes through
     */
    <T extends @Nullable Object> T within(OrgId org, Transaction<T> work);

    /**
     * Reads by one statement, in a transaction as {@link #within} has it, but in a single exchange with the database: beginning
     * and ending a transaction around one query costs more than most queries.
     *
     * @param sql one {@code SELECT}, always the same text for the same purpose: it is prepared once. {@code ?} stands for a value
     * @param values in the order of the question marks; types that the driver knows, such as UUID, String, Integer,
     *     and arrays of them
     * @throws io.nvremote.core.StreamException as {@link #within}
     */
    <T> List<T> select(OrgId org, String sql, List<?> values, RowReader<T> row);

    /** As the other {@code select} without an organisation, in a transaction as {@link #global} has it. */
    <T> List<T> select(String sql, List<?> values, RowReader<T> row);

    /** As {@link #within} without an organisation: every table that belongs to organisations looks empty and refuses rows. */
    <T extends @Nullable Object> T global(Transaction<T> work);

    /** Whether a transaction would have succeeded a moment ago: schema in place and a connection answering. */
    boolean ready();

    /**
     * What the store waits for before it asks the database at all, in a sentence for whoever operates it: bundles that keep
     * tables and have not started. Empty when it waits for none.
     */
    Optional<String> waitingFor();
}
