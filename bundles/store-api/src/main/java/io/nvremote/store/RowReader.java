// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.osgi.annotation.versioning.ConsumerType;

/** What one row of a query means. May be called more than once for the same row: no effect but its result. */
@ConsumerType
@FunctionalInterface
public interface RowReader<T> {

    /** Reads the row that the set stands on; the set is borrowed for the call, not to be moved or closed. */
    T read(ResultSet row) throws SQLException;
}
