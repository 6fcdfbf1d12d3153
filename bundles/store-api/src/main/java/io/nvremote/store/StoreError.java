// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** What can go wrong with the database. */
public enum StoreError implements ErrorCode {
    UNAVAILABLE(
            Remedy.RETRY,
            "The database does not answer. Try again in a few seconds; if it lasts, an operator must look at the database server."),
    CONFLICT(Remedy.RETRY, "Others changed the same rows at the same time, again and again. Try again."),
    FULL(Remedy.OPERATOR, "The database server's disk is full. Free space on it; nothing was written."),
    MIGRATION_FAILED(
            Remedy.OPERATOR,
            "The schema could not be brought up to date. The log names the step; restore or repair the database before starting again."),
    SCHEMA_INCOMPLETE(
            Remedy.OPERATOR,
            "Tables of one part need those of another that is not installed, or two need each other. The message names them; install what is missing."),
    SERVER_FAILED(
            Remedy.OPERATOR, "The embedded database server could not be started. The message says why and what to do."),
    SERVER_FOLDER_NEWER(
            Remedy.OPERATOR,
            "The data folder was made by a newer PostgreSQL. Install the newer release or use another folder."),
    SERVER_PORT_IN_USE(
            Remedy.OPERATOR, "The embedded database's port is taken. Set another port, or 0 for any free one."),
    FAILED(Remedy.BUG, "The database refused a statement. Report it with the log around this time.");

    private final Remedy remedy;
    private final String advice;

    StoreError(Remedy remedy, String advice) {
        this.remedy = remedy;
        this.advice = advice;
    }

    @Override
    public Remedy remedy() {
        return remedy;
    }

    @Override
    public String advice() {
        return advice;
    }
}
