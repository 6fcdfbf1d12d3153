// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling;

import io.nvremote.core.SessionId;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The sessions that one version of a host's role has. While one is replaced by another there are two: the newer one has the line to the
 * control plane, and passes on what is about a session of the older one. A service. Safe for any thread.
 */
@ConsumerType
public interface HostSessions {

    /** Those that run. */
    Set<SessionId> sessions();

    /** The control plane said something of one of them. */
    void received(Signal signal);

    /** From now on what is to be said to the control plane is said here, and an own line to it is closed. */
    void speakBy(Consumer<Signal> line);

    /** How each of them does, for whoever looks after the host: names to texts, numbers, and maps and lists of such. */
    Map<SessionId, Map<String, Object>> describe();
}
