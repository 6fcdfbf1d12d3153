// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.Keys;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalDialer.SignalLink;
import io.nvremote.viewer.ViewerError;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The access token that the control plane's channel knows: shown first, again before it ends, and another when it is refused. A
 * sign-in that is over, or whose tokens are refused one after the other, ends the channel instead of dialling for ever. Safe
 * for any thread.
 */
final class ChannelToken {

    private static final Logger LOG = LoggerFactory.getLogger(ChannelToken.class);
    private static final Set<String> OF_THE_TOKEN =
            Set.of("TOKEN_EXPIRED", "TOKEN_INVALID", "TOKEN_MISSING", "NOT_AUTHENTICATED");
    /** A token that was refused may be too old by the control plane's clock, or end just now; no three fresh ones in a row. */
    private static final int REFUSED_AT_MOST = 3;

    private final SignIn signIn;
    private final Consumer<StreamException> over;
    private @Nullable Secret shown;
    private int refused;

    /** @param over told when the channel was closed, with the reason: nothing but a new sign-in opens it again */
    ChannelToken(SignIn signIn, Consumer<StreamException> over) {
        this.signIn = signIn;
        this.over = over;
    }

    /** The channel is up: shows a token. */
    synchronized void up(SignalLink link) {
        shown = null;
        renew(link);
    }

    /** Shows the next token if the one that was shown ends soon. To be called every few seconds while the channel is up. */
    synchronized void renew(SignalLink link) {
        try {
            Secret token = signIn.token();
            Secret before = shown;
            boolean known = before != null && token.equals(before);
            if (!known && link.send(new Signal.ClientAuth(token))) {
                shown = token;
            }
        } catch (StreamException e) {
            failed(link, e);
        }
    }

    /** The channel took the token. */
    synchronized void taken() {
        refused = 0;
    }

    /** The control plane refused something: if it was the token, another is got, and shown when the channel is up again. */
    synchronized void refused(SignalLink link, Signal.Refusal refusal) {
        Secret before = shown;
        if (before == null || !OF_THE_TOKEN.contains(refusal.code())) {
            return;
        }
        shown = null;
        if (++refused >= REFUSED_AT_MOST) {
            stop(
                    link,
                    new StreamException(
                            ViewerError.SIGN_IN_REQUIRED,
                            "the control plane refused " + refused + " tokens that it gave: " + refusal.message()));
            return;
        }
        try {
            signIn.instead(before);
        } catch (StreamException e) {
            failed(link, e);
        }
    }

    /** A control plane that is away may be back before the token ends. */
    private void failed(SignalLink link, StreamException e) {
        if (signIn.signedIn()) {
            LOG.atDebug()
                    .addKeyValue(Keys.CODE, e.code().name())
                    .addKeyValue(Keys.REASON, e.getMessage())
                    .log("no new token for the control plane's channel yet");
        } else {
            stop(link, e);
        }
    }

    private void stop(SignalLink link, StreamException e) {
        LOG.atInfo()
                .addKeyValue(Keys.CODE, e.code().name())
                .addKeyValue(Keys.REASON, e.getMessage())
                .log("the control plane's channel is closed: sign in again");
        refused = 0;
        link.close();
        over.accept(e);
    }
}
