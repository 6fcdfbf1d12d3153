// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.exports;

import io.nvremote.audit.AuditError;
import io.nvremote.core.Clock;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Exports that run in this process: one of an organisation, and so many in all. One that never says that it is over, since its answer was
 * never begun, counts no longer than it may run. Safe for any thread.
 */
final class RunningExports {

    /** As long as an access token is good. */
    static final Duration LONGEST = Duration.ofMinutes(15);

    static final int MOST = 16;

    private static final Duration RETRY = Duration.ofSeconds(15);

    private final Clock clock;
    private final Map<OrgId, Instant> ends = new HashMap<>();

    RunningExports(Clock clock) {
        this.clock = clock;
    }

    /**
     * Until when it may run.
     *
     * @throws StreamException {@link AuditError#EXPORT_BUSY}
     */
    synchronized Instant begin(OrgId org) {
        Instant now = clock.instant();
        ends.values().removeIf(end -> !now.isBefore(end));
        if (ends.containsKey(org)) {
            throw new StreamException(AuditError.EXPORT_BUSY, "the organisation's log is being exported", RETRY);
        }
        if (ends.size() >= MOST) {
            throw new StreamException(AuditError.EXPORT_BUSY, MOST + " logs are being exported", RETRY);
        }
        Instant end = now.plus(LONGEST);
        ends.put(org, end);
        return end;
    }

    boolean over(Instant end) {
        return !clock.instant().isBefore(end);
    }

    /** @param end what {@link #begin} gave */
    synchronized void end(OrgId org, Instant end) {
        ends.remove(org, end);
    }
}
