// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A real data source whose users' waits for the database are counted: each execution, commit and rollback is one exchange,
 * whatever is sent with it. Safe for any thread.
 */
final class CountedExchanges {

    private static final List<Class<?>> WATCHED = List.of(
            DataSource.class, Connection.class, CallableStatement.class, PreparedStatement.class, Statement.class);

    private static final Set<String> EXCHANGES = Set.of(
            "execute", "executeQuery", "executeUpdate", "executeBatch", "executeLargeUpdate", "commit", "rollback");

    private final AtomicLong exchanges = new AtomicLong();
    private final DataSource source;

    CountedExchanges(DataSource real) {
        source = (DataSource) watched(real);
    }

    DataSource source() {
        return source;
    }

    long soFar() {
        return exchanges.get();
    }

    private @Nullable Object watched(@Nullable Object real) {
        for (Class<?> type : WATCHED) {
            if (type.isInstance(real)) {
                return Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {type}, calls(real));
            }
        }
        return real;
    }

    private InvocationHandler calls(Object real) {
        return (proxy, method, arguments) -> {
            if (EXCHANGES.contains(method.getName())) {
                exchanges.incrementAndGet();
            }
            try {
                return watched(method.invoke(real, arguments));
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
    }
}
