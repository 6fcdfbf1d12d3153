// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.blind;

import java.nio.ByteBuffer;

/** What can be read in a WireGuard message without a key (whitepaper section 5.4). Numbers are little-endian. */
final class WireguardMessage {

    static final int INITIATION = 1;
    static final int RESPONSE = 2;
    static final int COOKIE = 3;
    static final int DATA = 4;

    static final int INITIATION_LENGTH = 148;
    /** How much of an initiation mac1 covers. */
    static final int INITIATION_COVERED = 116;

    static final int RESPONSE_LENGTH = 92;
    static final int RESPONSE_COVERED = 60;
    static final int COOKIE_LENGTH = 64;
    /** An empty data message: a keepalive. */
    static final int DATA_SHORTEST = 32;

    private WireguardMessage() {}

    /** 1 to 4, or 0 if the datagram is no WireGuard message: wrong type, reserved bytes set, or wrong length. */
    static int type(ByteBuffer message) {
        int length = message.remaining();
        int type = length < DATA_SHORTEST ? 0 : littleInt(message, message.position());
        boolean right =
                switch (type) {
                    case INITIATION -> length == INITIATION_LENGTH;
                    case RESPONSE -> length == RESPONSE_LENGTH;
                    case COOKIE -> length == COOKIE_LENGTH;
                    case DATA -> true;
                    default -> false;
                };
        return right ? type : 0;
    }

    /** Sender index of an initiation or response; receiver index of a cookie reply or data message. */
    static int firstIndex(ByteBuffer message) {
        return littleInt(message, message.position() + 4);
    }

    /** Receiver index of a response. */
    static int secondIndex(ByteBuffer message) {
        return littleInt(message, message.position() + 8);
    }

    static int littleInt(ByteBuffer in, int at) {
        return (in.get(at) & 0xFF)
                | (in.get(at + 1) & 0xFF) << 8
                | (in.get(at + 2) & 0xFF) << 16
                | in.get(at + 3) << 24;
    }
}
