// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.chain;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Lines of UTF-8 that end with a line feed each, none of them longer than any record is. Of one thread. */
final class LineReader {

    /** More than 32 facts of 1,088 characters need, at six bytes each. */
    static final int LONGEST = 256 * 1024;

    private final InputStream in;
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream(1024);
    private final byte[] read = new byte[64 * 1024];
    private int from;
    private int to;
    private long number;
    private boolean ended;

    LineReader(InputStream in) {
        this.in = in;
    }

    /** A line. {@code text} is null if it is too long or no UTF-8; {@code whole} is false where the file ends within it. */
    record Line(long number, @Nullable String text, boolean whole) {}

    /** The next line, or null behind the last. */
    @Nullable
    Line next() throws IOException {
        begun.reset();
        boolean found = false;
        while (!found && !ended && begun.size() <= LONGEST) {
            if (from == to) {
                from = 0;
                to = Math.max(0, in.read(read));
                ended = to == 0;
            }
            int end = from;
            while (end < to && read[end] != '\n') {
                end++;
            }
            begun.write(read, from, end - from);
            found = end < to;
            from = found ? end + 1 : end;
        }
        boolean tooLong = begun.size() > LONGEST;
        if (!found && !tooLong && begun.size() == 0) {
            return null;
        }
        ended |= tooLong;
        return new Line(++number, tooLong ? null : text(begun.toByteArray()), tooLong || found);
    }

    /** Null for what is damaged so that it is no UTF-8: a line that can't be read. */
    private static @Nullable String text(byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8);
        return text.indexOf('\ufffd') < 0 || Arrays.equals(text.getBytes(StandardCharsets.UTF_8), line) ? text : null;
    }
}
