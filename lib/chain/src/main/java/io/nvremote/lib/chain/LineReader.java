// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.chain;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Lines of UTF-8 that end with a line feed each, none of them longer than any record is. Of one thread. */
final class LineReader {

    /** More than 32 facts of 1,088 characters need, at six bytes each. */
    static final int LONGEST = 256 * 1024;

    private final InputStream in;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    private long number;
    private boolean ended;

    LineReader(InputStream in) {
        this.in = new BufferedInputStream(in, 64 * 1024);
    }

    /** A line. {@code text} is null if it is too long or no UTF-8; {@code whole} is false where the file ends within it. */
    record Line(long number, @Nullable String text, boolean whole) {}

    /** The next line, or null behind the last. */
    @Nullable
    Line next() throws IOException {
        if (ended) {
            return null;
        }
        bytes.reset();
        int b = in.read();
        while (b >= 0 && b != '\n' && bytes.size() <= LONGEST) {
            bytes.write(b);
            b = in.read();
        }
        ended = b != '\n';
        if (b < 0 && bytes.size() == 0) {
            return null;
        }
        boolean tooLong = bytes.size() > LONGEST;
        return new Line(++number, tooLong ? null : text(bytes.toByteArray()), tooLong || b == '\n');
    }

    private static @Nullable String text(byte[] line) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
        } catch (CharacterCodingException e) {
            return null; // what is damaged so is told as a line that can't be read
        }
    }
}
