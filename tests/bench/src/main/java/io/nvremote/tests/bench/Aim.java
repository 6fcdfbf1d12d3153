// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench;

/** What a ratio of ours to the peer should be. */
public record Aim(boolean atMost, double ratio) {

    /** The ratio should not be above this. */
    public static Aim atMost(double ratio) {
        return new Aim(true, ratio);
    }

    /** The ratio should not be below this. */
    public static Aim atLeast(double ratio) {
        return new Aim(false, ratio);
    }

    /** Whether that is so; never for NaN. */
    public boolean met(double measured) {
        return atMost ? measured <= ratio : measured >= ratio;
    }

    @Override
    public String toString() {
        return (atMost ? "<= " : ">= ") + ratio;
    }
}
