// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import io.nvremote.core.Clock;
import io.nvremote.core.OrgId;
import io.nvremote.store.Store;
import io.nvremote.store.Transaction;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The store. Brings the schema up to date in the background with the owner's data source, and again and again while the
 * database is down; everything else goes through a pool of the application role, which row-level security binds.
 */
@Designate(ocd = StoreConfig.class)
@Component(service = Store.class, immediate = true, configurationPid = StoreConfig.PID)
public final class PostgresStore implements Store {

    private final Schema schema;
    private final Transactions transactions;

    @Activate
    public PostgresStore(
            StoreConfig config,
            @Reference(target = "(store.role=owner)") DataSource owner,
            @Reference(target = "(store.role=app)") DataSource app) {
        this(StoreSettings.of(config), owner, app, Clock.system());
    }

    /** For a store outside the framework. */
    public PostgresStore(StoreSettings settings, DataSource owner, DataSource app, Clock clock) {
        schema = new Schema(owner, app, clock);
        transactions = new Transactions(settings, schema, app, clock);
        schema.start();
    }

    @Override
    public <T extends @Nullable Object> T within(OrgId org, Transaction<T> work) {
        return transactions.run(org.toString(), work);
    }

    @Override
    public <T extends @Nullable Object> T global(Transaction<T> work) {
        return transactions.run("", work);
    }

    @Override
    public boolean ready() {
        return transactions.ready();
    }

    @Deactivate
    public void close() {
        schema.close();
        transactions.close();
    }
}
