// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Versions of NVENC's interface that this bundle speaks. A driver serves all up to its own; with each go other version words and
 * a few other places of fields.
 */
enum ApiVersion {
    V11_1(11, 1),
    V12_0(12, 0),
    V12_1(12, 1),
    V12_2(12, 2),
    V13_0(13, 0),
    V13_1(13, 1);

    /** The first Linux driver that serves the oldest of them. */
    static final String OLDEST_DRIVER = "470.57.02";

    private static final List<ApiVersion> ALL = List.of(values());

    /** {@link #place} of the newest. */
    static final int LAST_PLACE = ALL.size() - 1;

    private final int major;
    private final int minor;

    ApiVersion(int major, int minor) {
        this.major = major;
        this.minor = minor;
    }

    /** The newest that a driver of this version serves; null if there is none. */
    static @Nullable ApiVersion servedBy(int major, int minor) {
        ApiVersion newest = null;
        for (ApiVersion each : ALL) {
            if (each.major < major || (each.major == major && each.minor <= minor)) {
                newest = each;
            }
        }
        return newest;
    }

    /** As structures and the opening of a session carry it. */
    int number() {
        return major | (minor << 24);
    }

    /** Its place in tables, from 0. */
    int place() {
        return ALL.indexOf(this);
    }

    boolean atLeast(ApiVersion other) {
        return compareTo(other) >= 0;
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
