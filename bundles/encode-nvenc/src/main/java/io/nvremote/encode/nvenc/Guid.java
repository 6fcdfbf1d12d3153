// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/** A name in NVENC's interface: its first three numbers in the machine's order of bytes, the rest as it is written. */
record Guid(UUID name) {

    /** As the interface's functions take it, by value. */
    static final StructLayout LAYOUT =
            MemoryLayout.structLayout(JAVA_INT, JAVA_SHORT, JAVA_SHORT, MemoryLayout.sequenceLayout(8, JAVA_BYTE));

    static Guid of(String text) {
        return new Guid(UUID.fromString(text));
    }

    static Guid read(MemorySegment memory, long offset) {
        ByteBuffer bytes =
                memory.asSlice(offset, LAYOUT.byteSize()).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        long most = (long) bytes.getInt() << 32 | (bytes.getShort() & 0xFFFFL) << 16 | (bytes.getShort() & 0xFFFFL);
        return new Guid(new UUID(most, bytes.order(ByteOrder.BIG_ENDIAN).getLong()));
    }

    void write(MemorySegment memory, long offset) {
        ByteBuffer bytes =
                memory.asSlice(offset, LAYOUT.byteSize()).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        long most = name.getMostSignificantBits();
        bytes.putInt((int) (most >> 32)).putShort((short) (most >> 16)).putShort((short) most);
        bytes.order(ByteOrder.BIG_ENDIAN).putLong(name.getLeastSignificantBits());
    }

    MemorySegment in(Arena arena) {
        MemorySegment memory = arena.allocate(LAYOUT);
        write(memory, 0);
        return memory;
    }
}
