// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.AuditType;
import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import io.nvremote.core.ErrorCode;
import io.nvremote.core.OrgId;
import io.nvremote.lib.limits.AddressLimiter;
import io.nvremote.lib.limits.RefusalBudget;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What machines may ask that are no hosts yet: so much per address, so few refusals per address, and so much in the audit
 * log for all of them together. A fleet of some hundred behind one address can enrol at once. Safe for any thread.
 */
final class Strangers {

    static final int FAILURES = 100;

    /** How many refusals are written at once. */
    static final int ROWS = 20;

    private static final int REQUESTS = 600;
    private static final double REQUESTS_A_SECOND = 30;
    private static final double FAILURES_A_SECOND = 0.2;
    private static final Duration ROW_EVERY = Duration.ofSeconds(10);

    private final AuditTrail audit;
    private final Clock clock;
    private final AddressLimiter requests = new AddressLimiter(REQUESTS, REQUESTS_A_SECOND);
    private final AddressLimiter failures = new AddressLimiter(FAILURES, FAILURES_A_SECOND);
    private final RefusalBudget rows = new RefusalBudget(ROWS, ROW_EVERY);

    Strangers(AuditTrail audit, Clock clock) {
        this.audit = audit;
        this.clock = clock;
    }

    /** One more request; refused if this address asked or failed too often. */
    void request(Actor actor) {
        requests.take(actor.address(), clock.nanos());
        failures.check(actor.address(), clock.nanos());
    }

    /**
     * A token or certificate was refused: counted for its address, and written down while there is room. Not in the named
     * organisation's chain: anybody could fill it.
     *
     * @param org who was named, or null
     * @return whether it was written down
     */
    boolean refused(AuditType type, ErrorCode code, @Nullable OrgId org, Actor actor) {
        long now = clock.nanos();
        failures.tryTake(actor.address(), now);
        OptionalLong left = rows.write(now);
        if (left.isPresent()) {
            AuditEvent event = AuditEvent.refused(AuditTrail.SYSTEM, type, actor, code.name());
            event = org == null ? event : event.with("org_id", org.toString());
            audit.append(left.getAsLong() == 0 ? event : event.with("not_written", Long.toString(left.getAsLong())));
        }
        return left.isPresent();
    }
}
