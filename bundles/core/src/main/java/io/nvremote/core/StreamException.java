// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

import java.io.Serial;

/** The one exception that crosses bundle borders. The message says what, the value seen and the rule; never a secret. */
public class StreamException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient ErrorCode code;

    public StreamException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    public StreamException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** What kind of failure this is, and who can help. */
    public ErrorCode code() {
        return code;
    }
}
