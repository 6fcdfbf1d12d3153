// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.identity.Credentials;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalDialer;
import java.net.URI;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A host's way to the control plane: its own link, or that of another version of this bundle which has taken over. Safe for any thread.
 */
final class ControlPlaneLinks implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlPlaneLinks.class);

    private final URI to;
    private final Supplier<SignalDialer> dialer;
    private final ControlPlaneLink.Owner owner;
    /** The link in use, or being dialled; the one before it is closed when this one is up. */
    private volatile @Nullable ControlPlaneLink link;
    /** Somebody else dials. */
    private boolean retired;

    private boolean closed;
    /** Of who has taken over. */
    private volatile @Nullable Consumer<Signal> others;

    ControlPlaneLinks(URI to, Supplier<SignalDialer> dialer, ControlPlaneLink.Owner owner) {
        this.to = to;
        this.dialer = dialer;
        this.owner = owner;
    }

    synchronized void dial(Credentials mine) {
        if (retired || closed) {
            return;
        }
        sayMove();
        ControlPlaneLink next = new ControlPlaneLink(link, owner);
        link = next;
        next.dial(dialer.get(), to, mine.tls());
    }

    /** Nothing, if nobody can be reached now. */
    void say(Signal signal) {
        Consumer<Signal> theirs = others;
        if (theirs != null) {
            theirs.accept(signal);
            return;
        }
        ControlPlaneLink mine = link;
        if (mine == null || !mine.send(signal)) {
            LOG.atDebug().addKeyValue("type", signal.getClass().getSimpleName()).log("control plane is away");
        }
    }

    boolean isOwn() {
        return others == null;
    }

    /** Another version dials from now on; until it has a link this one serves. */
    synchronized void retire() {
        retired = true;
        sayMove();
        ControlPlaneLink last = link;
        if (last != null) {
            last.serveOut();
        }
    }

    /** So that who comes next is not taken for a copy of this host. */
    private void sayMove() {
        ControlPlaneLink before = link;
        if (before != null) {
            before.send(new Signal.ConnectionMove());
        }
    }

    /** The other version's link is up. */
    synchronized void speakBy(Consumer<Signal> theirs) {
        others = theirs;
        hangUp();
    }

    /** To be dialled anew. */
    synchronized void resume() {
        retired = false;
        others = null;
    }

    /** Until it is dialled again. */
    synchronized void hangUp() {
        ControlPlaneLink last = link;
        if (last != null) {
            last.close();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        hangUp();
    }
}
