// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

/**
 * Structures of NVENC's interface that begin with a version word, and how many bytes are allocated for each: the most that any
 * version has, so that one table of places serves all.
 */
enum NvencStruct {
    FUNCTION_LIST(2552, false, 0x222222),
    OPEN_SESSION(1552, false, 0x111111),
    CAPS(256, false, 0x111111),
    PRESET_CONFIG(5128, true, 0x444555),
    INITIALIZE(1808, true, 0x556777),
    RECONFIGURE(1824, true, 0x111222),
    CONFIG(3584, true, 0x788999),
    RATE_CONTROL(128, false, 0x111111),
    PICTURE(3360, true, 0x466777),
    BITSTREAM_BUFFER(776, false, 0x111111),
    REGISTER_RESOURCE(1536, false, 0x344555),
    MAP_RESOURCE(1544, false, 0x444444),
    LOCK_BITSTREAM(1552, true, 0x121222) {
        @Override
        boolean flagged(ApiVersion api) {
            return api.atLeast(ApiVersion.V12_1);
        }
    };

    private static final int SIGN = 7 << 28;
    private static final int FLAG = 1 << 31;

    private final long bytes;
    private final boolean flagged;
    private final int revisions;

    /** {@code revisions} has a hexadecimal digit for each version, the oldest first. */
    NvencStruct(long bytes, boolean flagged, int revisions) {
        this.bytes = bytes;
        this.flagged = flagged;
        this.revisions = revisions;
    }

    long bytes() {
        return bytes;
    }

    boolean flagged(ApiVersion api) {
        return flagged;
    }

    /** The first word of the structure when it is spoken in that version. */
    int word(ApiVersion api) {
        int revision = (revisions >> (4 * (ApiVersion.LAST_PLACE - api.place()))) & 15;
        return api.number() | (revision << 16) | SIGN | (flagged(api) ? FLAG : 0);
    }
}
