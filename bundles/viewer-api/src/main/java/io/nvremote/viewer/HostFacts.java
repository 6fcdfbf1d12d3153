// SPDX-License-Identifier: Apache-2.0
package io.nvremote.viewer;

import io.nvremote.stream.StreamMessage;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** What the host said of its stream last. Safe for any thread. */
@ProviderType
public interface HostFacts {

    /** What is streamed now; null until told. */
    StreamMessage.@Nullable StreamInfo info();

    /** The host's own figures; null until told. */
    StreamMessage.@Nullable Stats stats();

    /** What is wrong at the host; {@link StreamMessage.Trouble#NONE} while nothing is. */
    StreamMessage.Trouble trouble();
}
