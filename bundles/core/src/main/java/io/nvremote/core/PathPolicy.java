// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

/** Which ways a tunnel may take. */
public enum PathPolicy {
    /** Relay first, then the best direct path that answers. */
    AUTO("auto"),
    /** Through the relay alone. */
    RELAY("relay");

    private final String wireName;

    PathPolicy(String wireName) {
        this.wireName = wireName;
    }

    /** The name on the wire: {@code auto} or {@code relay}. */
    public String wireName() {
        return wireName;
    }

    /**
     * Reads a name of the wire, in lower case as it is written: who wishes for the relay alone must not get a direct path for a
     * word that was not understood.
     *
     * @throws StreamException {@link CoreError#INVALID_VALUE} if it is none
     */
    public static PathPolicy parse(String text) {
        for (PathPolicy policy : values()) {
            if (policy.wireName.equals(text)) {
                return policy;
            }
        }
        throw new StreamException(CoreError.INVALID_VALUE, "a path policy is auto or relay: " + text);
    }
}
