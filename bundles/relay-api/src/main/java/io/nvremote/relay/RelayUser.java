// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay;

import io.nvremote.core.SessionId;
import java.util.Optional;
import java.util.UUID;

/**
 * The user name of a ticketed STUN request: {@code <session id>:client} or {@code <session id>:host}. Immutable.
 *
 * @param session the session whose ticket signs the request
 * @param role the end that sends it
 */
public record RelayUser(SessionId session, RelayRole role) {

    private static final int ID_LENGTH = 36;

    /** Reads the form on the wire; empty for anything else. */
    public static Optional<RelayUser> of(String text) {
        if (text.length() <= ID_LENGTH + 1 || text.charAt(ID_LENGTH) != ':') {
            return Optional.empty();
        }
        String name = text.substring(ID_LENGTH + 1);
        for (RelayRole role : RelayRole.values()) {
            if (role.wireName().equals(name)) {
                return id(text.substring(0, ID_LENGTH)).map(id -> new RelayUser(id, role));
            }
        }
        return Optional.empty();
    }

    private static Optional<SessionId> id(String text) {
        try {
            UUID id = UUID.fromString(text);
            // UUID.fromString is lenient ("1-2-3-4-5"): only the canonical spelling counts.
            return id.toString().equals(text) ? Optional.of(new SessionId(id)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The form on the wire. */
    @Override
    public String toString() {
        return session + ":" + role.wireName();
    }
}
