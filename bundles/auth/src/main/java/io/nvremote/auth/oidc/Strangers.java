// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.AuditType;
import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.lib.limits.AddressLimiter;
import io.nvremote.lib.limits.RefusalBudget;
import java.time.Duration;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What people may ask who have not signed in yet: so much per address, and so much in the audit log for all of them together.
 * Generous enough for an office of some hundred behind one address. Safe for any thread.
 */
final class Strangers {

    private static final Logger LOG = LoggerFactory.getLogger(Strangers.class);
    private static final int REQUESTS = 1200;
    private static final double REQUESTS_A_SECOND = 60;
    private static final int FAILURES = 50;
    private static final double FAILURES_A_SECOND = 0.5;
    private static final int ROWS = 20;
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

    /** One more request; refused if this address asked too often. */
    void request(Actor actor) {
        requests.take(actor.address(), clock.nanos());
    }

    /** Before the issuer is asked; refused if it said no to this address too often. */
    void mayFail(Actor actor) {
        failures.check(actor.address(), clock.nanos());
    }

    /**
     * A sign-in failed: counted for its address, and written down while there is room.
     *
     * @param why the reason in the issuer's words or ours, for the log
     */
    void failed(Actor actor, String code, String why) {
        long now = clock.nanos();
        failures.tryTake(actor.address(), now);
        OptionalLong left = rows.write(now);
        if (left.isPresent()) {
            LOG.atInfo()
                    .addKeyValue(Keys.CODE, code)
                    .addKeyValue(Keys.REASON, why)
                    .addKeyValue("not_written", left.getAsLong())
                    .log("sign-in failed");
            AuditEvent event = AuditEvent.refused(AuditTrail.SYSTEM, AuditType.LOGIN_FAILED, actor, code);
            audit.append(left.getAsLong() == 0 ? event : event.with("not_written", Long.toString(left.getAsLong())));
        }
    }
}
