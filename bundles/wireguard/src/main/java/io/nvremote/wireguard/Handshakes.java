// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.path.PathSelection;
import io.nvremote.tunnel.TunnelRole;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * Begins, repeats, answers and completes handshakes. Sans-IO; guarded by its own monitor, which the data path never
 * enters. Only {@link TunnelRole#INITIATOR} begins; either role answers, since a peer of another make may begin.
 */
final class Handshakes {

    private final Identity identity;
    private final TunnelRole role;
    private final Tai64n clock;
    private final SessionTable sessions;
    private final PathSelection path;
    private final DatagramOutput wire;
    private final CookieJar jar;
    private final CookieGate gate;
    private final SecureRandom random = new SecureRandom();
    private byte[] lastTimestamp = new byte[Tai64n.LENGTH];
    private long lastAnswered;
    private boolean answeredOnce;
    private @Nullable InitiatorHandshake pending;
    private boolean trying;
    private long began;
    private long lastSent;
    private boolean sentOnce;
    private long retryAfter;
    private int attempt;
    private long completed;

    Handshakes(EngineSetup setup, SessionTable sessions, PathSelection path, DatagramOutput wire) {
        this.identity = setup.identity();
        this.role = setup.role();
        this.clock = setup.clock();
        this.sessions = sessions;
        this.path = path;
        this.wire = wire;
        this.jar = new CookieJar(identity.peerPublicKey());
        this.gate = new CookieGate(identity.publicKey());
    }

    /** Handshakes completed by either side's initiative. */
    synchronized long completed() {
        return completed;
    }

    /** When the handshake under way began; {@code now} if there is none. */
    synchronized long began(long now) {
        return trying ? began : now;
    }

    /** How long nothing was tried; 0 while trying. */
    synchronized long idleFor(long now) {
        return trying ? 0 : sentOnce ? now - lastSent : Long.MAX_VALUE;
    }

    /** Begins a handshake unless one is under way. The responder does nothing. */
    synchronized void begin(long now) {
        if (role == TunnelRole.INITIATOR && !trying) {
            trying = true;
            began = now;
            attempt = 0;
            send(now);
        }
    }

    /** Begins, or repeats at once what is under way, because the way has changed. At most once a second. */
    synchronized void hurry(long now) {
        if (role == TunnelRole.INITIATOR && (!sentOnce || now - lastSent >= Protocol.FIRST_RETRY)) {
            if (!trying) {
                began = now;
            }
            trying = true;
            attempt = 0;
            send(now);
        }
    }

    synchronized void tick(long now) {
        if (!trying || now - lastSent < retryAfter) {
            return;
        }
        if (now - began >= Protocol.REKEY_ATTEMPT_TIME) {
            trying = false;
            forget();
        } else {
            attempt++;
            send(now);
        }
    }

    private void send(long now) {
        forget();
        InitiatorHandshake fresh = new InitiatorHandshake(identity, newIndex());
        byte[] message = fresh.initiation(clock.stamp(now));
        jar.stamp(message, now);
        pending = fresh;
        lastSent = now;
        sentOnce = true;
        boolean first = completed == 0 && attempt < Protocol.FIRST_RETRIES;
        retryAfter = (first ? Protocol.FIRST_RETRY : Protocol.REKEY_TIMEOUT) + random.nextLong(Protocol.REKEY_JITTER);
        wire.send(message, message.length, path.handshakeTarget(attempt));
    }

    private void forget() {
        if (pending != null) {
            pending.wipe();
            pending = null;
        }
    }

    /** Takes an initiation and answers it; false if it was rejected. */
    synchronized boolean initiation(byte[] message, InetSocketAddress from, long now) {
        if (!admitted(message, from, now)) {
            return false;
        }
        if (answeredOnce && now - lastAnswered < Protocol.INITIATION_SPACING) {
            return false;
        }
        ResponderHandshake handshake = ResponderHandshake.read(identity, message);
        if (handshake == null || !Tai64n.after(handshake.timestamp(), lastTimestamp)) {
            return false;
        }
        lastTimestamp = handshake.timestamp();
        lastAnswered = now;
        answeredOnce = true;
        byte[] response = new byte[Protocol.RESPONSE_LENGTH];
        SessionKeys keys = handshake.respond(newIndex(), response, now);
        if (keys == null) {
            return false;
        }
        sessions.answered(keys);
        jar.stamp(response, now);
        wire.send(response, response.length, from);
        return true;
    }

    /** Takes a response; true if it completes the pending handshake, whose session is now the current one. */
    synchronized boolean response(byte[] message, InetSocketAddress from, long now) {
        if (pending == null || !admitted(message, from, now)) {
            return false;
        }
        SessionKeys keys = pending.response(message, now);
        if (keys == null) {
            return false;
        }
        pending = null;
        trying = false;
        sessions.initiated(keys);
        completed++;
        return true;
    }

    /** The initiator has shown that it has the keys of a session that this side answered. */
    synchronized void confirmed() {
        completed++;
    }

    /** Takes a cookie; the next message will carry it. False if it was rejected. */
    synchronized boolean cookieReply(byte[] message, long now) {
        return jar.take(message, now);
    }

    private boolean admitted(byte[] message, InetSocketAddress from, long now) {
        CookieGate.Verdict verdict = gate.check(message, from, now);
        if (verdict == CookieGate.Verdict.ASK_COOKIE) {
            byte[] reply = gate.reply(message, from, now);
            wire.send(reply, reply.length, from);
        }
        return verdict == CookieGate.Verdict.PASS;
    }

    private int newIndex() {
        int index = random.nextInt();
        while (sessions.byIndex(index) != null) {
            index = random.nextInt();
        }
        return index;
    }

    synchronized void wipe() {
        trying = false;
        forget();
        gate.wipe();
    }
}
