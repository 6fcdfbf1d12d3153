// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.Clock;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.store.Store;
import io.nvremote.store.StoreError;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestDatabase.Once.class)
@TestDatabase.With(FixtureSchema.class)
class SelectTest {

    private static final String FRAME = "SELECT current_setting('app.org_id'), current_setting('search_path'),"
            + " current_setting('lock_timeout'), ? || '!'";

    private final TestDatabase database;
    private final Store store;

    SelectTest(TestDatabase database) {
        this.database = database;
        this.store = database.store();
    }

    private List<String> frame(OrgId org) {
        return store.select(
                        org,
                        FRAME,
                        List.of("value"),
                        row -> List.of(row.getString(1), row.getString(2), row.getString(3), row.getString(4)))
                .getFirst();
    }

    @Test
    void each_query_runs_as_its_organisation_also_when_the_server_has_prepared_it() {
        for (int i = 0; i < 40; i++) {
            OrgId org = OrgId.next();
            assertThat(frame(org)).containsExactly(org.toString(), "nvremote", "250ms", "value!");
        }
    }

    @Test
    void nothing_of_a_query_stays_on_its_connection() throws Exception {
        List<Connection> raw = new CopyOnWriteArrayList<>();
        DataSource watched = (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    Object result = method.invoke(database.app(), arguments);
                    if (result instanceof Connection connection) {
                        raw.add(connection);
                    }
                    return result;
                });
        StoreSettings one = new StoreSettings(1, Duration.ofSeconds(5), Duration.ofSeconds(15));
        PostgresStore single =
                new PostgresStore(one, database.owner(), watched, Clock.system(), List.of(new StoreSchema()));
        try {
            for (int i = 0; i < 10; i++) {
                single.select(OrgId.next(), FRAME, List.of("value"), row -> row.getString(1));
            }
            Connection used = raw.getLast(); // idle in its pool
            try (var rows = used.createStatement()
                    .executeQuery(
                            "SELECT concat(current_setting('app.org_id', true), current_setting('lock_timeout'))")) {
                rows.next();
                assertThat(rows.getString(1)).isEqualTo("0");
            }
            used.rollback();
        } finally {
            single.close();
        }
    }

    @Test
    void a_query_is_prepared_once() {
        String sql =
                "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%prepared_once%' -- prepared_once";
        long prepared = 0;
        for (int i = 0; i < 100; i++) {
            prepared = store.select(OrgId.next(), sql, List.of(), row -> row.getLong(1))
                    .getFirst();
        }
        assertThat(prepared).isEqualTo(1);
    }

    @Test
    void a_query_that_fails_is_coded_and_the_next_one_works() {
        OrgId org = OrgId.next();
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> store.select(org, "SELECT 1 / ?", List.of(0), row -> row.getInt(1)))
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(StoreError.FAILED));
            assertThat(frame(org)).contains("value!");
        }
    }
}
