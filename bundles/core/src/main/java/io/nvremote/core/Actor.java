// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

import java.net.InetAddress;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who asks for a change, as the audit log will remember it. The address and the agent text are what the socket showed,
 * never what a body claimed.
 *
 * @param id the user or host; null for the system and for somebody who has not signed in
 */
public record Actor(
        Kind kind,
        @Nullable UUID id,
        @Nullable String email,
        @Nullable InetAddress address,
        @Nullable String agent) {

    /** The kinds of actors. */
    public enum Kind {
        USER,
        HOST,
        SYSTEM,
        /** Somebody unknown: sign-in that failed, a token that was refused. */
        ANONYMOUS
    }

    /** The control plane itself: deadlines, sweeps, reconciliation. */
    public static final Actor SYSTEM = new Actor(Kind.SYSTEM, null, null, null, null);

    /** A signed-in user. */
    public static Actor user(UserId user, @Nullable InetAddress address, @Nullable String agent) {
        return new Actor(Kind.USER, user.value(), null, address, agent);
    }

    /** A host, known by its certificate. */
    public static Actor host(HostId host, @Nullable InetAddress address) {
        return new Actor(Kind.HOST, host.value(), null, address, null);
    }

    /** Somebody unknown at an address. */
    public static Actor anonymous(@Nullable InetAddress address, @Nullable String agent) {
        return new Actor(Kind.ANONYMOUS, null, null, address, agent);
    }
}
