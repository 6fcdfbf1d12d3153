// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/** A step that waits for a lock keeps everybody behind it waiting: it gives up after 10 s and is tried again. */
final class ShortLocks extends BaseCallback {

    @Override
    public boolean supports(Event event, Context context) {
        return event == Event.AFTER_CONNECT;
    }

    @Override
    public void handle(Event event, Context context) {
        try (PreparedStatement set = context.getConnection().prepareStatement("SET lock_timeout = '10s'")) {
            set.execute();
        } catch (SQLException e) {
            throw new FlywayException("the time limit for locks can't be set", e);
        }
    }
}
