// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling;

import org.osgi.annotation.versioning.ProviderType;

/** Reads and writes the JSON form of signals. A service. Safe for any thread. */
@ProviderType
public interface SignalCodec {

    /** The largest text frame of either channel, in UTF-8 bytes. */
    int MAX_FRAME_BYTES = 64 * 1024;

    /** JSON with {@code type} first. */
    String write(Signal signal);

    /**
     * Reads one text frame.
     *
     * @throws io.nvremote.core.StreamException {@link SignalError#MALFORMED}, {@link SignalError#UNKNOWN_TYPE},
     *     {@link SignalError#TOO_LARGE} or {@link SignalError#INVALID_FIELD}, naming the field but not its value
     */
    Signal read(String text);
}
