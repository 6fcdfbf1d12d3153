// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import io.nvremote.auth.AccessTokens;
import io.nvremote.auth.AuthError;
import io.nvremote.auth.Caller;
import io.nvremote.auth.SignIn;
import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.lib.limits.AddressLimiter;
import io.nvremote.lib.limits.RefusalBudget;
import java.net.InetAddress;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who shows an access token. A token that is not known costs a signature; an address whose tokens were refused too often is
 * asked to wait before that is spent. Who shows a known token is no stranger and never waits, whatever others behind the same
 * address do. Refusals are logged while there is room, the rest is counted. Safe for any thread.
 */
final class BearerTokens {

    private static final Logger LOG = LoggerFactory.getLogger(BearerTokens.class);
    private static final int LINES = 10;
    private static final Duration LINE_EVERY = Duration.ofMinutes(1);

    private final AccessTokens tokens;
    private final SignIn signIn;
    private final Clock clock;
    private final AddressLimiter refused;
    private final RefusalBudget lines = new RefusalBudget(LINES, LINE_EVERY);

    BearerTokens(AccessTokens tokens, SignIn signIn, RestSettings settings, Clock clock) {
        this.tokens = tokens;
        this.signIn = signIn;
        this.clock = clock;
        this.refused = new AddressLimiter(settings.refusedBurst(), settings.refusedPerSecond());
    }

    /**
     * The caller.
     *
     * @throws StreamException the reasons of {@link AccessTokens#verify}; {@link AuthError#TOKEN_INVALID} if its sign-in was
     *     ended; {@link io.nvremote.core.CoreError#TOO_MANY_REQUESTS}, with the time to wait
     */
    Caller caller(String token, @Nullable InetAddress from) {
        Caller caller = tokens.known(token).orElseGet(() -> verified(token, from));
        if (!signIn.active(caller.signIn())) {
            throw new StreamException(AuthError.TOKEN_INVALID, "the sign-in of this token was ended");
        }
        return caller;
    }

    private Caller verified(String token, @Nullable InetAddress from) {
        refused.check(from, clock.nanos());
        try {
            return tokens.verify(token);
        } catch (StreamException e) {
            long now = clock.nanos();
            refused.tryTake(from, now);
            OptionalLong left = lines.write(now);
            if (left.isPresent()) {
                LOG.atInfo()
                        .addKeyValue(Keys.PEER, from == null ? "unknown" : from.getHostAddress())
                        .addKeyValue(Keys.CODE, e.code().name())
                        .addKeyValue("not_written", left.getAsLong())
                        .log("an access token was refused");
            }
            throw e;
        }
    }
}
