// SPDX-License-Identifier: Apache-2.0
package io.nvremote.presence;

import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Values that are given away once, such as the one-time codes of a sign-in: the one who put a value and the one who takes it may
 * be at different control planes. A service. Safe for any thread.
 */
@ProviderType
public interface SingleUseValues {

    /** The longest value, in characters. */
    int MAX_VALUE = 4096;

    /**
     * The values of one purpose, apart from all others. Whoever opens the same name gets the same values.
     *
     * @throws IllegalArgumentException when the name is open with other limits
     */
    Namespace open(String name, Limits limits);

    /**
     * How long and how much. Immutable.
     *
     * @param life from put to the last moment in which a value can be taken
     * @param remembered from the use of a key to its oblivion
     * @param most values that wait and keys that are remembered, together
     * @param mostOfGroup values of one group that wait: one who floods fills his own share alone
     */
    record Limits(Duration life, Duration remembered, int most, int mostOfGroup) {}

    /**
     * The values of one purpose. A key names one value and is used once; it is a fingerprint of the secret that its bearer shows,
     * never the secret itself, as a provider may keep it where others can read. Values that wait are never put out: when there
     * is no room the newcomer is refused. What only remembers a use gives way, the oldest first.
     */
    @ProviderType
    interface Namespace {

        /**
         * Keeps a value until it is taken or its life is over; false, and nothing is kept, when its group or everything is full or
         * the key is known already.
         *
         * @param group who pays for the room
         * @throws IllegalArgumentException when the value has more than {@link #MAX_VALUE} characters
         */
        boolean put(String key, String group, String value);

        /** Takes a value: of all who try, at whichever control plane, one is the first. */
        Use take(String key);

        /** Uses up a key that needed no value, as its bearer's secret says all; whether this was its first use. */
        boolean spend(String key);

        /** Whether the key of a value that was taken came again since. */
        boolean cameAgain(String key);
    }

    /** What a key that was shown stands for. */
    sealed interface Use {

        /** Its first use. */
        record First(String value) implements Use {}

        /** Used before, while that is remembered. */
        record Again(String value) implements Use {}

        /** Never put, too old, or forgotten. */
        record Unknown() implements Use {}
    }
}
