// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/** Structures of one version of the interface, zeroed and with their version words. Safe for any thread. */
final class NvencStructs {

    private final ApiVersion api;
    private final Map<NvencStruct, Integer> words = new EnumMap<>(NvencStruct.class);

    NvencStructs(ApiVersion api) {
        this.api = api;
        for (NvencStruct each : NvencStruct.values()) {
            words.put(each, each.word(api));
        }
    }

    /** A copy in which one structure has another version word. */
    NvencStructs with(NvencStruct struct, int word) {
        NvencStructs copy = new NvencStructs(api);
        copy.words.putAll(words);
        copy.words.put(struct, word);
        return copy;
    }

    ApiVersion api() {
        return api;
    }

    MemorySegment allocate(NvencStruct struct, Arena arena) {
        MemorySegment memory = arena.allocate(struct.bytes(), Long.BYTES);
        stamp(struct, memory, 0);
        return memory;
    }

    /** Writes the version word of a structure that lies inside another. */
    void stamp(NvencStruct struct, MemorySegment memory, long offset) {
        memory.set(JAVA_INT, offset, words.getOrDefault(struct, 0));
    }
}
