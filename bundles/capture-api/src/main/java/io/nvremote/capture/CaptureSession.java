// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture;

import io.nvremote.media.FrameSink;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One stream of pictures.
 *
 * <p><b>Threads.</b> {@link #grab} belongs to one thread at a time. {@link #close} may be called from any thread, also
 * while {@code grab} waits: it then returns {@link Grab#CLOSED}.
 */
@ConsumerType
public interface CaptureSession extends AutoCloseable {

    /** What came of waiting for a picture. */
    enum Grab {
        /** A new picture was handed to the sink. */
        PICTURE,
        /** Nothing changed on the screen in the time given. */
        UNCHANGED,
        /** The session is closed. */
        CLOSED
    }

    /**
     * Waits until the screen shows something new, at most {@code timeout}, no sooner than the spec's rate allows, and
     * hands that picture to {@code sink} before returning. The first call hands over the screen as it is.
     *
     * @throws io.nvremote.core.StreamException {@link CaptureError#SOURCE_LOST} if the screen is gone: close this
     *     session and open another
     */
    Grab grab(Duration timeout, FrameSink sink);

    /** Makes the next {@link #grab} hand over the screen even if nothing changed. From any thread. */
    void refresh();

    /** The pointer's shape and place, or null if the source draws it into the picture or has none. From any thread. */
    default @Nullable Cursor cursor() {
        return null;
    }

    /**
     * Displays that its source could be asked for here, this one among them: the whole screen first, then each output of it, as
     * {@link CaptureSpec#display} takes them. Fewer than two: there is nothing to choose. From any thread.
     */
    default List<String> displays() {
        return List.of();
    }

    /** Ends capture and gives the memory back. Idempotent; waits for a running {@code grab}. */
    @Override
    void close();
}
