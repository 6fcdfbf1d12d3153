// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import io.nvremote.core.CoreError;
import io.nvremote.core.ErrorCode;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;

/** What NVENC's functions answer, and what that means for a stream. */
final class NvencStatus {

    static final int SUCCESS = 0;
    static final int NO_ENCODE_DEVICE = 1;
    static final int UNSUPPORTED_DEVICE = 2;
    static final int INVALID_PARAMETER = 8;
    static final int OUT_OF_MEMORY = 10;
    static final int UNSUPPORTED_PARAMETER = 12;
    static final int LOCK_BUSY = 13;
    static final int INVALID_VERSION = 15;
    static final int NEED_MORE_INPUT = 17;
    static final int ENCODER_BUSY = 18;
    /** Incompatible client key: what drivers since about 2024 say when all sessions are in use; before it is out of memory. */
    static final int NO_MORE_SESSIONS = 21;

    private NvencStatus() {}

    /** Whether the same call may succeed a little later. */
    static boolean passes(int status) {
        return status == LOCK_BUSY || status == ENCODER_BUSY;
    }

    /** Whether the driver runs as many sessions as it runs. */
    static boolean full(int status) {
        return status == OUT_OF_MEMORY || status == NO_MORE_SESSIONS;
    }

    private static ErrorCode code(int status) {
        return switch (status) {
            case NO_ENCODE_DEVICE, UNSUPPORTED_DEVICE, INVALID_VERSION -> EncodeError.DEVICE_UNAVAILABLE;
            case OUT_OF_MEMORY, NO_MORE_SESSIONS -> EncodeError.DEVICE_FULL;
            case INVALID_PARAMETER, UNSUPPORTED_PARAMETER -> EncodeError.SPEC_REFUSED;
            case NEED_MORE_INPUT -> CoreError.INTERNAL; // a picture was held back, and we never ask for that
            default -> EncodeError.DEVICE_LOST;
        };
    }

    private static String meaning(int status) {
        return switch (status) {
            case NO_ENCODE_DEVICE, UNSUPPORTED_DEVICE ->
                "no encoder on this GPU, or a container that sees some of the machine's GPUs only (drivers 570 to 595)";
            case INVALID_VERSION ->
                "the driver is older than NVENC 11.1: install " + ApiVersion.OLDEST_DRIVER + " or newer";
            case OUT_OF_MEMORY, NO_MORE_SESSIONS -> "all encoder sessions of the driver are in use";
            default -> "status " + status;
        };
    }

    /** Of a call that opens a stream. */
    static StreamException refused(int status, String what) {
        return new StreamException(code(status), "NVENC " + what + ": " + meaning(status));
    }

    /** Of a call within a stream: whatever it is, the stream is over; a fault of ours is said to be one. */
    static StreamException failed(int status, String what) {
        return new StreamException(
                status == NEED_MORE_INPUT ? CoreError.INTERNAL : EncodeError.DEVICE_LOST,
                "NVENC " + what + ": status " + status);
    }
}
