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
}
