// SPDX-License-Identifier: Apache-2.0
package io.nvremote.viewer;

import io.nvremote.media.AccessUnit;
import io.nvremote.media.DecoderCapability;
import io.nvremote.stream.StreamMessage;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Where a session goes: what a view gives when it connects. Grows only by default methods. */
@ConsumerType
public interface StreamView {

    /**
     * What it really decodes, best first, as it knows it now; asked again and again, and the host hears when it changes. Empty: not
     * known yet.
     */
    List<DecoderCapability> decoders();

    /**
     * Which of the host's displays it wants to see, as {@link StreamMessage.ShowDisplay} has it; asked again and again, and the host hears
     * when it changes. Empty: the host's own choice.
     */
    default String display() {
        return "";
    }

    /** One unit, on the receiving thread: lent, must not block. */
    void unit(AccessUnit unit);

    /** One message of the host on the control channel; a pointer's shape always whole. Must not block. */
    void message(StreamMessage message);

    /** The session is over: nothing follows. */
    void ended();
}
