// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode;

import io.nvremote.media.AccessUnitSink;
import org.osgi.annotation.versioning.ConsumerType;

/** A video encoder. Implemented by vendors; grows only by default methods. Safe for any thread. */
@ConsumerType
public interface Encoder {

    /**
     * Opens a stream. Does the slow part (device, library) before it returns, so that the first frame is not late.
     *
     * @param sink takes the access units, on the thread that calls {@link EncoderSession#encode}
     * @throws io.nvremote.core.StreamException {@link EncodeError#DEVICE_UNAVAILABLE}, {@link EncodeError#DEVICE_FULL}
     *     or {@link EncodeError#SPEC_REFUSED}
     */
    EncoderSession open(EncodeSpec spec, AccessUnitSink sink);

    /**
     * As {@link #open}, for a stream that this plugin has already: in another session until this one has taken over, be it another
     * version's, or in one that was lost. A device with a limited number of sessions may keep one in reserve for that, which new streams
     * do not get: without it, no stream of a full device could be moved to another version.
     */
    default EncoderSession takeOver(EncodeSpec spec, AccessUnitSink sink) {
        return open(spec, sink);
    }
}
