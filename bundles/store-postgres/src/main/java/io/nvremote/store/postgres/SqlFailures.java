// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import io.nvremote.core.StreamException;
import io.nvremote.store.StoreError;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What a failure of the driver, or of a library above it, means. Codes: PostgreSQL documentation, appendix A. */
final class SqlFailures {

    /** Serialization failure and deadlock: the same work may succeed when it is run again. */
    private static final Set<String> RACES = Set.of("40001", "40P01");

    /** Somebody held a lock for longer than lock_timeout. */
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private static final String DISK_FULL = "53100";

    private SqlFailures() {}

    /** Whether running the same work again may help. */
    static boolean race(Throwable failure) {
        SQLException sql = sql(failure);
        return sql != null && RACES.contains(String.valueOf(sql.getSQLState()));
    }

    /** Whether the work waited in vain for a lock that others hold. */
    static boolean locked(Throwable failure) {
        SQLException sql = sql(failure);
        return sql != null && LOCK_NOT_AVAILABLE.equals(sql.getSQLState());
    }

    /** The failure as callers see it: a StreamException inside it wins, then the SQL state. It names no value of a row. */
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
        Throwable cause = withoutValues(sql);
        String state = String.valueOf(sql.getSQLState());
        if (state.equals(DISK_FULL)) {
            return new StreamException(StoreError.FULL, "the database's disk is full", cause);
        }
        if (state.startsWith("28") || state.equals("3D000")) {
            return new StreamException(
                    StoreError.UNAVAILABLE,
                    "the database does not let nvremote in, check url, users and passwords: " + cause.getMessage(),
                    cause);
        }
        if (unavailable(sql, state)) {
            return new StreamException(
                    StoreError.UNAVAILABLE, "the database does not answer: " + cause.getMessage(), cause);
        }
        if (RACES.contains(state) || state.equals("57014") || state.equals(LOCK_NOT_AVAILABLE)) {
            return new StreamException(
                    StoreError.CONFLICT, "others hold the same rows (SQL state " + state + ")", cause);
        }
        return new StreamException(StoreError.FAILED, "a statement was refused (SQL state " + state + ")", cause);
    }

    /**
     * The same failure without what was in the statement: the server quotes rows and keys in its detail, and values that it
     * can't read (class 22) in its message. What libraries above the driver add, the statement and its bound values, goes too.
     */
    private static SQLException withoutValues(SQLException sql) {
        ServerErrorMessage server = sql instanceof PSQLException known ? known.getServerErrorMessage() : null;
        String state = String.valueOf(sql.getSQLState());
        String message = server == null
                ? sql.getMessage()
                : state.startsWith("22") ? "a value was refused" : server.getMessage();
        SQLException safe = new SQLException(message + " (SQL state " + state + ")", sql.getSQLState());
        safe.setStackTrace(sql.getStackTrace());
        return safe;
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
