// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.media.Codec;

/**
 * How the units of one codec travel in RTP packets. The payload type says which it is, packet by packet, so that a stream
 * may change its codec at a key frame without a word. Immutable; what it makes is for one thread at a time.
 */
interface PayloadFormat {

    Codec codec();

    /** The payload type agreed on for the product (RFC 3550 section 5.1); retransmissions (RFC 4588) have the next. */
    int payloadType();

    Packetizer packetizer();

    Assembler assembler();

    /** Whether the payload of a packet that begins a unit looks like the beginning of a key frame. */
    boolean beginsKey(byte[] payload, int length);
}
