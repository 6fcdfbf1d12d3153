// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Keys;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalDialer;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a host dials with one certificate. A newer certificate dials a line of its own; until that is up the one before it serves,
 * and from then on the old one is over, whatever it still says. Safe for any thread.
 */
final class ControlPlaneLink implements SignalDialer.LinkListener {

    /** Hears the line that serves. */
    interface Owner {
        void up(SignalDialer.SignalLink link);

        void received(Signal signal);

        void down();
    }

    private static final Logger LOG = LoggerFactory.getLogger(ControlPlaneLink.class);
    /** How the control plane begins to say what trying again does not help against, and what somebody is to do. */
    private static final Map<String, String> LASTING = Map.of(
            "CLONED_IDENTITY",
            "another machine shows this host's identity, as after a copied disk; on the copy, delete identity.pem and enrol"
                    + " it as a host of its own",
            "DATABASE_RESTORED",
            "the control plane's database is older than this host's certificate: an admin restores a newer backup, or delete"
                    + " identity.pem here and enrol again with a new bootstrap token",
            "CERTIFICATE_REFUSED",
            "an admin revoked this host's certificate or removed the host; if it should come back, delete identity.pem and"
                    + " enrol again with a new bootstrap token");
    /** Nobody mends that in seconds; whoever does finds the host back this long afterwards. */
    private static final Duration LASTING_PAUSE = Duration.ofMinutes(2);

    private final Owner owner;
    private volatile @Nullable ControlPlaneLink before;
    private volatile SignalDialer.@Nullable SignalLink link;
    private volatile boolean over;
    private volatile boolean last;
    /** Said, and not accepted since. */
    private volatile String said = "";

    ControlPlaneLink(@Nullable ControlPlaneLink before, Owner owner) {
        this.before = before;
        this.owner = owner;
    }

    void dial(SignalDialer dialer, URI to, SSLContext tls) {
        link = dialer.dial(to, tls, this);
    }

    @Override
    public void up(SignalDialer.SignalLink opened) {
        if (over) {
            opened.close();
            return;
        }
        link = opened;
        ControlPlaneLink old = before;
        before = null;
        if (old != null) {
            old.close();
        }
        owner.up(opened);
    }

    @Override
    public void received(SignalDialer.SignalLink from, Signal signal) {
        if (signal instanceof Signal.Ready) {
            said = "";
        }
        owner.received(signal);
    }

    @Override
    public void down(int code, String reason) {
        if (!over && before == null) {
            owner.down();
        }
        String lasting = lasting(reason);
        if (!lasting.equals(said) && !lasting.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue(Keys.CODE, lasting)
                    .addKeyValue(Keys.REASON, reason)
                    .log(LASTING.get(lasting));
        }
        said = lasting.isEmpty() ? said : lasting;
        if (last) {
            close();
        }
    }

    /** Serves until it is down, and does not come back then: somebody else dials for this host. */
    void serveOut() {
        last = true;
    }

    /** Which of those it is; empty if none. */
    private static String lasting(String reason) {
        return LASTING.keySet().stream().filter(reason::startsWith).findFirst().orElse("");
    }

    @Override
    public Duration pause(int code, String reason) {
        return lasting(reason).isEmpty() ? Duration.ZERO : LASTING_PAUSE;
    }

    /** By the link that is up: this one's, or its predecessor's as long as this one is not. */
    boolean send(Signal signal) {
        ControlPlaneLink old = before;
        if (old != null) {
            return old.send(signal);
        }
        SignalDialer.SignalLink to = link;
        return to != null && to.send(signal);
    }

    void close() {
        over = true;
        SignalDialer.SignalLink mine = link;
        if (mine != null) {
            mine.close();
        }
        ControlPlaneLink old = before;
        if (old != null) {
            old.close();
        }
    }
}
