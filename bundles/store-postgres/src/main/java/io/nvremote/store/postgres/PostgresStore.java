// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;

import io.nvremote.core.Clock;
import io.nvremote.core.OrgId;
import io.nvremote.runtime.Inventory;
import io.nvremote.store.RowReader;
import io.nvremote.store.SchemaSteps;
import io.nvremote.store.Store;
import io.nvremote.store.Transaction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The store. Runs the providers' steps in the background with the owner's data source, again and again while the database is
 * down; everything else goes through a pool of the application role, which row-level security binds.
 */
@Designate(ocd = StoreConfig.class)
@Component(
        service = {Store.class, Inventory.class},
        immediate = true,
        configurationPid = StoreConfig.PID)
public final class PostgresStore implements Store, Inventory {

    private final Schema schema;
    private final Transactions transactions;

    @Activate
    public PostgresStore(
            StoreConfig config,
            BundleContext context,
            @Reference(target = "(store.role=owner)") DataSource owner,
            @Reference(target = "(store.role=app)") DataSource app) {
        this(StoreSettings.of(config), owner, app, Clock.system(), new AnnouncedProviders(context));
        schema.start();
    }

    /** For a store outside the framework, with these providers' tables. */
    public PostgresStore(
            StoreSettings settings, DataSource owner, DataSource app, Clock clock, List<? extends SchemaSteps> steps) {
        this(settings, owner, app, clock, Map::of);
        steps.forEach(each -> schema.add(ProviderSteps.of(each)));
        schema.start();
    }

    private PostgresStore(
            StoreSettings settings,
            DataSource owner,
            DataSource app,
            Clock clock,
            Supplier<Map<String, String>> announced) {
        schema = new Schema(announced, owner, app, clock);
        transactions = new Transactions(settings, schema, app, clock);
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
    void addSteps(SchemaSteps steps, Map<String, Object> properties) {
        schema.add(ProviderSteps.of(steps, properties));
    }

    void removeSteps(SchemaSteps steps, Map<String, Object> properties) {
        schema.remove(ProviderSteps.of(steps, properties));
    }

    @Override
    public <T extends @Nullable Object> T within(OrgId org, Transaction<T> work) {
        return transactions.run(org.toString(), work);
    }

    @Override
    public <T> List<T> select(OrgId org, String sql, List<?> values, RowReader<T> row) {
        return transactions.select(org.toString(), sql, values, row);
    }

    @Override
    public <T> List<T> select(String sql, List<?> values, RowReader<T> row) {
        return transactions.select("", sql, values, row);
    }

    @Override
    public <T extends @Nullable Object> T global(Transaction<T> work) {
        return transactions.run("", work);
    }

    @Override
    public boolean ready() {
        return transactions.ready();
    }

    @Override
    public Optional<String> waitingFor() {
        return schema.waitingFor();
    }

    /** A store is at work long before the schema is current, or the database of a server that was started with it answers. */
    @Override
    public Set<String> atWork() {
        return ready() ? Set.of("database") : Set.of();
    }

    @Deactivate
    public void close() {
        schema.close();
        transactions.close();
    }
}
