// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.jdbi;

import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows of one table, read for many at once: one that breaks its rules, by a hand or a newer release, takes nothing from the
 * others. It is left out, and told of once. Safe for any thread.
 */
public final class ReadableRows {

    /** Of more bad rows than this nothing else is told: whoever reads the log knows by then. */
    private static final int MOST_TOLD = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(ReadableRows.class);

    private final String table;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    public ReadableRows(String table) {
        this.table = table;
    }

    /** What a row means. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /**
     * The row that the set stands on; empty if it can't be read. A failure of the database is none of the row's.
     *
     * @param id the column that tells which row it is
     */
    public <T> Optional<T> read(ResultSet row, String id, Reader<T> reader) throws SQLException {
        try {
            return Optional.of(reader.read(row));
        } catch (RuntimeException e) {
            leftOut(row.getString(id), e);
            return Optional.empty();
        }
    }

    /** Tells of a row that nothing could be done with; of each once. */
    public void leftOut(String id, RuntimeException why) {
        if (told.size() < MOST_TOLD && told.add(id)) {
            LOG.atError()
                    .setCause(why)
                    .addKeyValue("table", table)
                    .addKeyValue("row", id)
                    .addKeyValue(Keys.CODE, why instanceof StreamException e ? e.code() : "INTERNAL")
                    .log("a row is left out: repair or delete it");
        }
    }

    /** How many rows were told of. */
    int told() {
        return told.size();
    }
}
