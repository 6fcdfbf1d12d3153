// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

/**
 * Whether the peer is there, told once at each change: up with the first confirmed session, silent when nothing
 * authentic came for REJECT_AFTER_TIME or when a handshake has gone unanswered for three times REKEY_TIMEOUT.
 * Safe for any thread.
 */
final class Liveness {

    private static final long UNANSWERED = 3 * Protocol.REKEY_TIMEOUT;

    private enum State {
        NEW,
        UP,
        SILENT
    }

    private final EngineEvents events;
    private volatile State state = State.NEW;
    private volatile long lastAuthentic;

    Liveness(EngineEvents events, long now) {
        this.events = events;
        this.lastAuthentic = now;
    }

    /** An authentic datagram came under confirmed keys. */
    void authentic(long now) {
        lastAuthentic = now;
        if (state != State.UP && enter(State.UP)) {
            events.up();
        }
    }

    /** @param handshakeBegan when the unanswered handshake began; {@code now} if there is none */
    void tick(long handshakeBegan, long now) {
        boolean unanswered = now - handshakeBegan >= UNANSWERED && lastAuthentic - handshakeBegan <= 0;
        if ((unanswered || now - lastAuthentic >= Protocol.REJECT_AFTER_TIME)
                && state != State.SILENT
                && enter(State.SILENT)) {
            events.silent();
        }
    }

    private synchronized boolean enter(State next) {
        boolean changed = state != next;
        state = next;
        return changed;
    }
}
