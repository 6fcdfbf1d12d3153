// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.signed;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The bytes of a jar, lent for reading: those of a copy that nobody else can change, mapped and not on the heap, which a file
 * of the size that is allowed would fill, and end the process. They stay when the copy's name is deleted. Safe for any thread.
 */
public final class JarContent {

    private final ByteBuffer bytes;

    private JarContent(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /**
     * Maps a file.
     *
     * @param copy complete, and written by nobody any more
     */
    public static JarContent of(Path copy) throws IOException {
        try (FileChannel file = FileChannel.open(copy, StandardOpenOption.READ)) {
            return new JarContent(file.map(MapMode.READ_ONLY, 0, file.size()));
        }
    }

    public ByteBuffer bytes() {
        return bytes.asReadOnlyBuffer();
    }

    public String sha256() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    public InputStream open() {
        ByteBuffer rest = bytes();
        return new InputStream() {
            @Override
            public int read() {
                return rest.hasRemaining() ? Byte.toUnsignedInt(rest.get()) : -1;
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                int read = Math.min(length, rest.remaining());
                rest.get(into, offset, read);
                return read > 0 || length == 0 ? read : -1;
            }

            @Override
            public int available() {
                return rest.remaining();
            }
        };
    }
}
