// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

import java.io.Serial;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The one exception that crosses bundle borders. The message says what, the value seen and the rule; never a secret. */
public class StreamException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient ErrorCode code;
    private final @Nullable Duration retryAfter;

    public StreamException(ErrorCode code, String message) {
        super(message);
        this.code = code;
        this.retryAfter = null;
    }

    /** A failure that passes: the same call may succeed after this time. */
    public StreamException(ErrorCode code, String message, Duration retryAfter) {
        super(message);
        this.code = code;
        this.retryAfter = retryAfter;
    }

    public StreamException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.retryAfter = null;
    }

    /** What kind of failure this is, and who can help. */
    public ErrorCode code() {
        return code;
    }

    /** When the same call may succeed, if that is known. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
