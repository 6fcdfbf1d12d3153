// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.workers;

import org.jspecify.annotations.Nullable;

/** What a message says. {@code number} is on the wire. */
public enum MessageType {
    /** Worker: protocol version, token, process id. The first message; nothing is said before it. */
    HELLO(1),
    /** Host: a body's jars with their SHA-256, its class and settings. Answered by DONE. */
    LOAD(2),
    /** Host: a session of a body, of one kind, to a spec. Answered by DONE. */
    OPEN(3),
    /** Host: wait for a picture. Answered by PICTURE, or by DONE with what else came of it. */
    GRAB(4),
    /** Worker: a picture in memory that both map. */
    PICTURE(5),
    /** Host: encode this picture. Answered by any UNITs and DONE. */
    ENCODE(6),
    /** Worker: an access unit. */
    UNIT(7),
    /** Host: another rate. Answered by DONE with the one in force. */
    RETARGET(8),
    /** Host: units the client lost. Not answered. */
    LOST(9),
    /** Host: where is the pointer. Answered by DONE. */
    CURSOR(10),
    /** Host: the next grab is to hand over a picture in any case. Not answered. */
    REFRESH(11),
    /** Either: a slot of picture memory may be used again. Not answered. */
    RELEASE(12),
    /** Host: end of a session. Answered by DONE. */
    CLOSE(13),
    /** Worker: what was asked is done. */
    DONE(14),
    /** Worker: what was asked failed. A code's name and a text. */
    FAULT(15),
    /** Host: which displays are there. Answered by DONE. */
    DISPLAYS(16);

    private final int number;

    MessageType(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** Null for a number that means nothing. */
    static @Nullable MessageType of(int number) {
        for (MessageType type : values()) {
            if (type.number == number) {
                return type;
            }
        }
        return null;
    }
}
