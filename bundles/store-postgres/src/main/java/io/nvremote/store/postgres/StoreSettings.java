// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import java.time.Duration;
import java.time.format.DateTimeParseException;

/** What the store is told; valid. */
public record StoreSettings(int poolSize, Duration patience, Duration statementTimeout) {

    public StoreSettings {
        require(poolSize >= 1 && poolSize <= 200, "pool.size", poolSize, "1 to 200");
        require(
                within(patience, Duration.ofMillis(250), Duration.ofMinutes(1)),
                "patience",
                patience,
                "PT0.25S to PT1M");
        require(
                within(statementTimeout, Duration.ofSeconds(1), Duration.ofMinutes(1)),
                "statement.timeout",
                statementTimeout,
                "PT1S to PT1M");
    }

    static StoreSettings of(StoreConfig config) {
        return new StoreSettings(
                config.pool_size(),
                duration("patience", config.patience()),
                duration("statement.timeout", config.statement_timeout()));
    }

    private static boolean within(Duration value, Duration least, Duration most) {
        return value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
    }

    private static Duration duration(String key, String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    StoreConfig.PID + ": " + key + " is " + text + ", must be an ISO-8601 duration like PT5S",
                    e);
        }
    }

    private static void require(boolean rule, String key, Object value, String text) {
        if (!rule) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    StoreConfig.PID + ": " + key + " is " + value + ", must be " + text);
        }
    }
}
