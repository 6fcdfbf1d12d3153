// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import io.nvremote.core.StreamException;
import io.nvremote.store.StoreError;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;

/**
 * The one history that the tables of all providers had before each provider had its own. Its third step left the tables as
 * today's first steps make them: a database with it has those first steps already.
 */
final class FormerHistory {

    /** Whose tables it made. */
    private static final Set<String> PROVIDERS = Set.of("store", "audit", "auth", "directory", "broker");

    private static final int LAST = 3;
    private static final String TABLE = Schema.NAME + ".flyway_schema_history";

    private final boolean there;

    private FormerHistory(boolean there) {
        this.there = there;
    }

    static FormerHistory read(Connection owner) throws SQLException {
        try (PreparedStatement query = owner.prepareStatement("SELECT to_regclass('" + TABLE + "') IS NOT NULL");
                ResultSet rows = query.executeQuery()) {
            rows.next();
            if (!rows.getBoolean(1)) {
                return new FormerHistory(false);
            }
        }
        try (PreparedStatement query = owner.prepareStatement(
                        "SELECT COALESCE(max(CAST(version AS integer)), 0) FROM " + TABLE + " WHERE success");
                ResultSet rows = query.executeQuery()) {
            rows.next();
            int reached = rows.getInt(1);
            if (reached != 0 && reached != LAST) {
                throw new StreamException(
                        StoreError.MIGRATION_FAILED,
                        "the database was made by a development version (step " + reached + " of " + LAST
                                + ") and can't be taken over: use a new database");
            }
            return new FormerHistory(reached == LAST);
        }
    }

    /** The step up to which the provider's tables are there although its own history says nothing yet. */
    String stepsBefore(ProviderSteps provider) {
        return there && PROVIDERS.contains(provider.provider()) ? "1" : "0";
    }
}
