// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/** What is done in one transaction. May be run more than once: no effect but on the connection. */
@ConsumerType
@FunctionalInterface
public interface Transaction<T extends @Nullable Object> {

    /**
     * Works on an open transaction.
     *
     * @param connection borrowed for the call: not to be closed, committed, rolled back or kept
     */
    T run(Connection connection) throws SQLException;
}
