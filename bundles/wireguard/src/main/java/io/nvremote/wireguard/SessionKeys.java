// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

/**
 * The transport keys of one handshake: seals with one, opens with the other. Safe for any thread: each direction has its
 * own lock, held for one datagram.
 */
final class SessionKeys {

    /** Result of {@link #open}: forged, replayed or too old. */
    static final int REJECTED = -1;

    /**
     * What a session is known by.
     *
     * @param mine the index by which the peer addresses us
     * @param theirs the index by which we address the peer
     * @param initiator whether this side began the handshake, and so will begin the next
     */
    record Numbers(int mine, int theirs, boolean initiator, long createdNanos) {}

    private final Numbers numbers;
    private final Object sendLock = new Object();
    private final Object receiveLock = new Object();
    private final Aead sender;
    private final Aead receiver;
    private final ReplayWindow window = new ReplayWindow();
    private long nextCounter;
    private boolean sendWiped;
    private boolean receiveWiped;

    /** Takes both keys over. */
    SessionKeys(Numbers numbers, byte[] sendKey, byte[] receiveKey) {
        this.numbers = numbers;
        this.sender = Aead.sealing(sendKey);
        this.receiver = Aead.opening(receiveKey);
    }

    Numbers numbers() {
        return numbers;
    }

    /** Whether the keys are younger than REJECT_AFTER_TIME. */
    boolean fresh(long now) {
        return now - numbers.createdNanos < Protocol.REJECT_AFTER_TIME;
    }

    /** Datagrams sealed so far. */
    long sealed() {
        synchronized (sendLock) {
            return nextCounter;
        }
    }

    /** Seals an inner packet into {@code out} from {@code at}; the datagram's length, or {@link #REJECTED} if spent. */
    int seal(byte[] packet, int length, byte[] out, int at, long now) {
        synchronized (sendLock) {
            if (sendWiped || !fresh(now) || nextCounter >= Protocol.REJECT_AFTER_MESSAGES) {
                return REJECTED;
            }
            Protocol.int32(out, at, Protocol.DATA);
            Protocol.int32(out, at + 4, numbers.theirs);
            Protocol.int64(out, at + 8, nextCounter);
            sender.nonce(nextCounter++);
            return Protocol.DATA_HEADER + sender.seal(packet, 0, length, Aead.NO_DATA, out, at + Protocol.DATA_HEADER);
        }
    }

    /** Opens a datagram into {@code packet}; returns the inner length, 0 for a keepalive, or {@link #REJECTED}. */
    int open(byte[] datagram, int length, byte[] packet, long now) {
        long counter = Protocol.int64(datagram, 8);
        synchronized (receiveLock) {
            if (receiveWiped
                    || !fresh(now)
                    || counter < 0
                    || counter >= Protocol.REJECT_AFTER_MESSAGES
                    || !window.isNew(counter)) {
                return REJECTED;
            }
            int inner = receiver.nonce(counter)
                    .open(datagram, Protocol.DATA_HEADER, length - Protocol.DATA_HEADER, Aead.NO_DATA, packet, 0);
            // Only now: a forged packet must not use up the counter of a genuine one.
            return inner == Aead.FORGED || !window.mark(counter) ? REJECTED : inner;
        }
    }

    /** For tests of what happens after very many messages. */
    void skipTo(long counter) {
        synchronized (sendLock) {
            nextCounter = counter;
        }
    }

    /** Wipes both keys. Idempotent. */
    void wipe() {
        synchronized (sendLock) {
            if (!sendWiped) {
                sendWiped = true;
                sender.wipe();
            }
        }
        synchronized (receiveLock) {
            if (!receiveWiped) {
                receiveWiped = true;
                receiver.wipe();
            }
        }
    }
}
