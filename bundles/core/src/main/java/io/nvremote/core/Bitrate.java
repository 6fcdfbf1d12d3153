// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A rate in bits a second; positive. */
public record Bitrate(long bitsPerSecond) {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,9})(bps|kbps|Mbps|Gbps)");

    public Bitrate {
        if (bitsPerSecond <= 0) {
            throw new StreamException(CoreError.INVALID_VALUE, "bitrate must be positive: " + bitsPerSecond);
        }
    }

    public static Bitrate ofMegabits(long megabits) {
        return new Bitrate(Math.multiplyExact(megabits, 1_000_000L));
    }

    /** Reads {@code 800kbps}, {@code 20Mbps}. */
    public static Bitrate parse(String text) {
        Matcher m = TEXT.matcher(text);
        if (!m.matches()) {
            throw new StreamException(CoreError.INVALID_VALUE, "bitrate must look like 800kbps or 20Mbps: " + text);
        }
        long factor =
                switch (m.group(2)) {
                    case "bps" -> 1L;
                    case "kbps" -> 1_000L;
                    case "Mbps" -> 1_000_000L;
                    default -> 1_000_000_000L;
                };
        return new Bitrate(Long.parseLong(m.group(1)) * factor);
    }

    @Override
    public String toString() {
        return bitsPerSecond >= 1_000_000
                ? String.format(Locale.ROOT, "%.1fMbps", bitsPerSecond / 1e6)
                : bitsPerSecond / 1_000 + "kbps";
    }
}
