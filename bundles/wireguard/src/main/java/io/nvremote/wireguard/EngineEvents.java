// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

/** What the engine tells. Called on the receiving or the timer thread. */
interface EngineEvents {

    /** A session is confirmed: the first, or after silence. */
    void up();

    /** The peer is silent, see {@link Liveness}. */
    void silent();

    /** An authentic inner packet, lent until the call returns. The receiving thread alone calls this. */
    void inner(byte[] packet, int length);
}
