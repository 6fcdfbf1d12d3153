// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalDialer;
import java.net.URI;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

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

    private final Owner owner;
    private volatile @Nullable ControlPlaneLink before;
    private volatile SignalDialer.@Nullable SignalLink link;
    private volatile boolean over;

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
        owner.received(signal);
    }

    @Override
    public void down(int code, String reason) {
        if (!over && before == null) {
            owner.down();
        }
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
