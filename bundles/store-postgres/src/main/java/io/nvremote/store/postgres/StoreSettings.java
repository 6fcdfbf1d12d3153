// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import io.nvremote.lib.settings.Settings;
import java.time.Duration;

/** What the store is told. */
public record StoreSettings(int poolSize, Duration patience, Duration statementTimeout) {

    private static final Settings READER = new Settings(StoreConfig.PID);

    static StoreSettings of(StoreConfig config) {
        return new StoreSettings(
                READER.integer("pool.size", config.pool_size(), 1, 200),
                READER.duration("patience", config.patience(), Duration.ofMillis(250), Duration.ofMinutes(1)),
                READER.duration(
                        "statement.timeout", config.statement_timeout(), Duration.ofSeconds(1), Duration.ofMinutes(1)));
    }
}
