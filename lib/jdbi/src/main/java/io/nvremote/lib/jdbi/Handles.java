// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.jdbi;

import java.sql.Connection;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementExceptions;

/**
 * Handles on connections that a transaction lends. All of a bundle's share one Jdbi, and with it what it has parsed: a new one
 * for each transaction parses each statement again. Its failures name neither statements nor their values. Safe for any thread.
 */
public final class Handles {

    private static final ScopedValue<Connection> LENT = ScopedValue.newInstance();
    private static final Jdbi JDBI = jdbi();

    private Handles() {}

    private static Jdbi jdbi() {
        Jdbi jdbi = Jdbi.create(LENT::get);
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(StatementExceptions.MessageRendering.NONE);
        return jdbi;
    }

    /** A handle for as long as the transaction lasts; not to be closed: the connection is its owner's. */
    public static Handle open(Connection transaction) {
        return ScopedValue.where(LENT, transaction).call(JDBI::open);
    }
}
