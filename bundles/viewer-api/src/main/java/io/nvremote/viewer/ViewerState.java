// SPDX-License-Identifier: Apache-2.0
package io.nvremote.viewer;

import io.nvremote.core.StreamException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the client is at one moment. Immutable, but for the session, which goes on.
 *
 * @param person who signed in; null until it is known
 * @param server host and port of the control plane
 * @param signInError why the last sign-in did not come about, or ended
 * @param hostsLoaded whether every host was told of once: before that, not knowing is not "none"
 * @param hosts by name
 */
public record ViewerState(
        boolean signedIn,
        @Nullable Person person,
        String server,
        Link link,
        @Nullable StreamException signInError,
        boolean hostsLoaded,
        List<HostEntry> hosts,
        @Nullable ViewerSession session) {

    /**
     * Who is signed in.
     *
     * @param memberships in the control plane's order
     */
    public record Person(String name, String email, List<Membership> memberships) {

        public Person {
            memberships = List.copyOf(memberships);
        }
    }

    /** The control plane's channel. */
    public enum Link {
        CONNECTING,
        UP,
        DOWN
    }
}
