// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.nvfbc;

import io.nvremote.capture.CaptureError;
import io.nvremote.core.StreamException;

/** What NvFBC's functions answer, and what that means for a stream. */
final class NvfbcStatus {

    static final int SUCCESS = 0;
    static final int API_VERSION = 1;
    static final int MAX_CLIENTS = 6;
    static final int UNSUPPORTED = 7;
    static final int X = 10;
    static final int MUST_RECREATE = 16;

    private NvfbcStatus() {}

    private static String meaning(int status) {
        return switch (status) {
            case API_VERSION -> "the driver does not speak NvFBC 1.7: install driver 440 or newer";
            case MAX_CLIENTS -> "the driver takes no further capture session: end another one";
            case UNSUPPORTED -> "not supported on this GPU or X server (it takes Xorg on an NVIDIA GPU)";
            case X -> "no X server answers at DISPLAY=" + System.getenv("DISPLAY");
            default -> "status " + status;
        };
    }

    /** Of a call that opens a stream. */
    static StreamException refused(int status, String what) {
        return new StreamException(CaptureError.SOURCE_UNAVAILABLE, "NvFBC " + what + ": " + meaning(status));
    }

    /** Of a call within a stream: it is over. */
    static StreamException failed(int status, String what) {
        return new StreamException(
                CaptureError.SOURCE_LOST,
                "NvFBC " + what + ": " + (status == X ? "the X server is gone" : "status " + status));
    }
}
