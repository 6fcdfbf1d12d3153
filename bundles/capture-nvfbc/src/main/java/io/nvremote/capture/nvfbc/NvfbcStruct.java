// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.nvfbc;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Structures of NvFBC 1.7 that begin with a version word: size, revision and version in one. */
enum NvfbcStruct {
    CREATE_HANDLE(40, 2),
    /** Of the calls that say nothing but which handle: it is the same for all. */
    PLAIN(4, 1),
    GET_STATUS(780, 2),
    CREATE_CAPTURE_SESSION(64, 6),
    TO_SYS_SET_UP(48, 3),
    TO_SYS_GRAB_FRAME(24, 2);

    private static final int VERSION = 7 << 24;

    private final int bytes;
    private final int word;

    NvfbcStruct(int bytes, int revision) {
        this.bytes = bytes;
        word = bytes | revision << 16 | VERSION;
    }

    /** Zeroed, with its word. */
    MemorySegment allocate(Arena arena) {
        MemorySegment memory = arena.allocate(bytes, Long.BYTES);
        memory.set(JAVA_INT, 0, word);
        return memory;
    }
}
