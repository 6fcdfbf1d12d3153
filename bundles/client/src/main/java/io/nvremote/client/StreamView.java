// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.media.AccessUnit;
import io.nvremote.media.DecoderCapability;
import io.nvremote.stream.StreamMessage;
import java.util.List;

/** Where a stream goes: the page, or the check without one. */
interface StreamView {

    /** What it can decode, best first; asked once when the stream begins. */
    List<DecoderCapability> decoders();

    /** One unit, on the receiving thread: lent, must not block. */
    void unit(AccessUnit unit);

    /** One message of the host on the control channel. Must not block. */
    void message(StreamMessage message);

    /** The stream is over: nothing follows. */
    void ended();
}
