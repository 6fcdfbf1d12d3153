// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import io.nvremote.store.RowReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What every transaction begins with: the organisation that row-level security goes by, and limits. All of it ends with the
 * transaction, so that nothing of one caller reaches the next on the same connection. Safe for any thread.
 */
final class TransactionFrame {

    /** Statements are constants of the code; this many are far more than there are. */
    private static final int MOST_STATEMENTS = 1_000;

    private final String sql;
    /** Each statement behind the frame, so that the driver finds the same text, and with it what it has prepared. */
    private final ConcurrentHashMap<String, String> framed = new ConcurrentHashMap<>();

    TransactionFrame(Duration statementTimeout, Duration lockTimeout) {
        sql = "SELECT set_config('app.org_id', ?, true), set_config('search_path', '" + Schema.NAME + "', true),"
                + " set_config('statement_timeout', '" + statementTimeout.toMillis() + "ms', true),"
                + " set_config('lock_timeout', '" + lockTimeout.toMillis() + "ms', true)";
    }

    /** Begins the transaction of a connection that does not commit by itself. */
    void begin(Connection connection, String org) throws SQLException {
        try (PreparedStatement begin = connection.prepareStatement(sql)) {
            begin.setString(1, org);
            begin.execute();
        }
    }

    /**
     * Frame and statement together, on a connection that commits by itself: the driver sends both before it waits, and the
     * server takes what comes before one Sync for one transaction (PostgreSQL documentation, "Extended Query").
     */
    <T> List<T> select(Connection connection, String org, String statement, List<?> values, RowReader<T> row)
            throws SQLException {
        try (PreparedStatement both = connection.prepareStatement(behindFrame(statement))) {
            both.setString(1, org);
            for (int i = 0; i < values.size(); i++) {
                both.setObject(i + 2, values.get(i));
            }
            both.execute();
            if (!both.getMoreResults()) {
                throw new SQLException("the statement behind the frame has no rows: it must be a SELECT");
            }
            List<T> found = new ArrayList<>();
            try (ResultSet rows = both.getResultSet()) {
                while (rows.next()) {
                    found.add(row.read(rows));
                }
            }
            return found;
        }
    }

    private String behindFrame(String statement) {
        String known = framed.get(statement);
        if (known != null) {
            return known;
        }
        String both = sql + ";\n" + statement;
        if (framed.size() < MOST_STATEMENTS) {
            framed.put(statement, both);
        }
        return both;
    }
}
