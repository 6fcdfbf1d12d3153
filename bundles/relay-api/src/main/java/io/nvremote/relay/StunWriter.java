// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay;

import java.nio.ByteBuffer;

/** Bytes of one message while it is being put together; its length is known from the start. One thread. */
final class StunWriter {

    private final byte[] bytes;
    private final ByteBuffer out;

    StunWriter(int type, StunTransaction transaction, int attributesLength) {
        bytes = new byte[20 + attributesLength];
        out = ByteBuffer.wrap(bytes);
        out.putShort((short) type).putShort((short) attributesLength).putInt(StunMessage.COOKIE);
        transaction.write(out);
    }

    /** Adds an attribute, padded with zeros to four bytes (RFC 8489 section 14). */
    StunWriter attribute(int type, byte[] value) {
        out.putShort((short) type).putShort((short) value.length).put(value);
        out.position(out.position() + 3 & ~3);
        return this;
    }

    /** How many bytes are written. */
    int length() {
        return out.position();
    }

    /** The array itself. */
    byte[] bytes() {
        return bytes;
    }
}
