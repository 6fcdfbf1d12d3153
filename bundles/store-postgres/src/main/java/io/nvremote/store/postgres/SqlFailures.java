// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import io.nvremote.core.StreamException;
import io.nvremote.store.StoreError;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a failure of the driver, or of a library above it, means. Codes: PostgreSQL documentation, appendix A. */
final class SqlFailures {

    /** Serialization failure and deadlock: the same work may succeed when it is run again. */
    private static final Set<String> RACES = Set.of("40001", "40P01");

    private static final String DISK_FULL = "53100";

    private SqlFailures() {}

    /** Whether running the same work again may help. */
    static boolean race(Throwable failure) {
        SQLException sql = sql(failure);
        return sql != null && RACES.contains(String.valueOf(sql.getSQLState()));
    }

    /** The failure as callers see it: a StreamException inside it wins, then the SQL state. */
    static StreamException coded(Throwable failure) {
        for (@Nullable Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof StreamException coded) {
                return coded;
            }
        }
        SQLException sql = sql(failure);
        if (sql == null) {
            return new StreamException(StoreError.FAILED, "a statement failed: " + failure.getMessage(), failure);
        }
        String state = String.valueOf(sql.getSQLState());
        if (state.equals(DISK_FULL)) {
            return new StreamException(StoreError.FULL, "the database's disk is full", failure);
        }
        if (state.startsWith("28") || state.equals("3D000")) {
            return new StreamException(
                    StoreError.UNAVAILABLE,
                    "the database does not let nvremote in, check url, users and passwords: " + sql.getMessage(),
                    failure);
        }
        if (unavailable(sql, state)) {
            return new StreamException(
                    StoreError.UNAVAILABLE, "the database does not answer: " + sql.getMessage(), failure);
        }
        if (RACES.contains(state) || state.equals("57014") || state.equals("55P03")) {
            return new StreamException(
                    StoreError.CONFLICT, "others hold the same rows (SQL state " + state + ")", failure);
        }
        return new StreamException(StoreError.FAILED, "a statement was refused (SQL state " + state + ")", failure);
    }

    /** Connection lost or refused (08, 57P0x, 58), too many connections (533), a standby or a failed-over primary (25006). */
    private static boolean unavailable(SQLException sql, String state) {
        return sql instanceof SQLTransientConnectionException
                || state.startsWith("08")
                || state.startsWith("57P")
                || state.startsWith("58")
                || state.equals("53300")
                || state.equals("25006");
    }

    /** Whether there is an SQL failure behind this one, however many libraries wrapped it. */
    static @Nullable SQLException sql(Throwable failure) {
        SQLException found = null;
        for (@Nullable Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SQLException sql && (found == null || found.getSQLState() == null)) {
                found = sql;
            }
        }
        return found;
    }
}
