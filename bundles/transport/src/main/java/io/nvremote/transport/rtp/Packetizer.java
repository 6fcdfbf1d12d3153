// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.nio.ByteBuffer;

/** Cuts units of one codec into RTP payloads. One thread at a time. */
interface Packetizer {

    /** Where packets come from and go to. */
    interface Output {

        /** A packet with its header written, from the place of the payload to the largest size. */
        ByteBuffer open();

        /** The packet is complete up to its position. */
        void close(ByteBuffer packet);
    }

    /** Hands over the payloads of a unit, position to limit; none if there is nothing in it. */
    void packetize(ByteBuffer unit, Output out);
}
