// SPDX-License-Identifier: Apache-2.0
package io.nvremote.decode;

import io.nvremote.media.AccessUnit;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One stream being decoded. No picture is held back.
 *
 * <p><b>Threads.</b> {@link #decode} belongs to one thread at a time; {@link #close} may be called from any.
 */
@ConsumerType
public interface DecoderSession extends AutoCloseable {

    /** What came of an access unit. */
    enum Decoded {
        /** A picture was handed to the sink; it carries the unit's sequence and stamps. */
        PICTURE,
        /** The unit is damaged or refers to a picture that never came: ask the host for a key frame. */
        NEED_KEY_FRAME
    }

    /** Decodes one unit and hands its picture to the sink before returning. The unit is borrowed for the call. */
    Decoded decode(AccessUnit unit);

    /** Releases the decoder. Idempotent; waits for a running {@code decode}. */
    @Override
    void close();
}
