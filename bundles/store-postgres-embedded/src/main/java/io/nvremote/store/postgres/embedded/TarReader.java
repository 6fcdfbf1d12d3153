// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres.embedded;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Predicate;

/**
 * Unpacks a POSIX ustar archive (IEEE 1003.1, pax interchange format) with files, folders and symbolic links; anything else
 * is refused, as is any name that leads out of the target.
 */
final class TarReader {

    private static final int BLOCK = 512;

    private final InputStream in;
    private final byte[] header = new byte[BLOCK];

    TarReader(InputStream in) {
        this.in = in;
    }

    void unpack(Path target, Predicate<String> wanted) throws IOException {
        Files.createDirectories(
                target, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        String longName = null;
        while (readHeader()) {
            long size = octal(124, 12);
            byte type = header[156];
            String name = longName != null ? longName : name();
            longName = null;
            if (type == 'L') { // GNU: the next entry's name is too long for its header
                longName = new String(in.readNBytes((int) size), StandardCharsets.UTF_8).replace("\0", "");
                skipPadding(size);
                continue;
            }
            Path path = inside(target, name);
            boolean take = wanted.test(name);
            switch (type) {
                case '5' -> open(Files.createDirectories(path), true);
                case '0', 0 -> {
                    file(path, size, take);
                    skipPadding(size);
                }
                case '2' -> {
                    String link = text(157, 100);
                    inside(
                            target,
                            path.getParent() == null
                                    ? link
                                    : target.relativize(path.resolveSibling(link))
                                            .toString());
                    if (take) {
                        Files.createSymbolicLink(path, Path.of(link));
                    }
                }
                default -> throw new IOException("archive entry of unknown type " + (char) type + ": " + name);
            }
        }
    }

    private void file(Path path, long size, boolean take) throws IOException {
        if (!take) {
            in.skipNBytes(size);
            return;
        }
        Path parent = path.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try (var out = Files.newOutputStream(path)) {
            byte[] buffer = new byte[1 << 16];
            for (long left = size; left > 0; ) {
                int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (read < 0) {
                    throw new EOFException("archive ends inside " + path);
                }
                out.write(buffer, 0, read);
                left -= read;
            }
        }
        open(path, (octal(100, 8) & 0100) != 0);
    }

    /** Readable by all: the server may run as another user than the one that unpacks. */
    private static void open(Path path, boolean executable) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }

    private static Path inside(Path target, String name) throws IOException {
        Path path = target.resolve(name).normalize();
        if (!path.startsWith(target)) {
            throw new IOException("archive entry leads out of its folder: " + name);
        }
        return path;
    }

    private boolean readHeader() throws IOException {
        int read = in.readNBytes(header, 0, BLOCK);
        if (read == 0) {
            return false;
        }
        if (read < BLOCK) {
            throw new EOFException("archive ends inside a header");
        }
        return header[0] != 0; // a zero block ends the archive
    }

    private String name() {
        String prefix = text(345, 155);
        String name = text(0, 100);
        boolean ustar = text(257, 5).equals("ustar");
        return ustar && !prefix.isEmpty() ? prefix + "/" + name : name;
    }

    private String text(int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.UTF_8);
    }

    private long octal(int from, int length) {
        String digits = text(from, length).strip();
        return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
    }

    private void skipPadding(long size) throws IOException {
        in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
    }
}
