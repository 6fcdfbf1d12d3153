// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.signed;

import io.nvremote.core.StreamException;
import io.nvremote.updates.UpdateError;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * The jar as a file format (PKWARE APPNOTE 4.3): nothing in it may be read differently by two readers. Entries lie one after the
 * other from the first byte on, each local header says what the central directory says, and nothing precedes, follows or hides in
 * between. What jarsigner writes is of that shape. What a reader holds in memory of it is bounded: the directory, and the files beside
 * the manifest, which are the signatures.
 */
final class JarShape {

    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int DESCRIPTOR = 0x08074b50;
    private static final int END_BYTES = 22;
    private static final int MAX_COMMENT_BYTES = 0xffff;
    /** As many entries as it may count, with the names that classes have. */
    private static final int MAX_DIRECTORY_BYTES = 8 << 20;
    /** Manifest and signature of some 8,000 entries. */
    private static final long MAX_SIGNATURE_BYTES = 2 << 20;

    private static final String META = "META-INF/";
    private static final int HAS_DESCRIPTOR = 1 << 3;
    private static final int ENCRYPTED = 1;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;

    private record Entry(String name, int flags, int method, int crc, long packed, long size, int at) {

        /** What a reader may take for the manifest or a part of a signature. */
        boolean besideManifest() {
            return name.toUpperCase(Locale.ROOT).startsWith(META) && name.indexOf('/', META.length()) < 0;
        }
    }

    private final ByteBuffer file;

    private JarShape(ByteBuffer bytes) {
        file = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Throws {@link UpdateError#TAMPERED} unless the file has that shape.
     *
     * @throws ZipException if it is no jar at all
     */
    static void check(ByteBuffer bytes) throws ZipException {
        try {
            new JarShape(bytes).check();
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new StreamException(UpdateError.TAMPERED, "the jar's directory points outside the file", e);
        }
    }

    private void check() throws ZipException {
        int end = file.capacity() - END_BYTES;
        if (!isArchive(end)) {
            throw new ZipException("no end of an archive");
        }
        require(end >= 0 && file.getInt(end) == END, "something follows the archive");
        int count = Short.toUnsignedInt(file.getShort(end + 10));
        int size = file.getInt(end + 12);
        int at = file.getInt(end + 16);
        require(
                file.getInt(end + 4) == 0 && count == Short.toUnsignedInt(file.getShort(end + 8)),
                "it is one of several volumes");
        require(at >= 0 && size >= 0 && at + size == end, "something lies between the jar's directory and its end");
        require(file.getShort(end + 20) == 0, "the archive has a comment");
        require(size <= MAX_DIRECTORY_BYTES, "the jar's directory is larger than 8 MiB");
        List<Entry> entries = directory(at, count, end);
        names(entries);
        entries.sort(Comparator.comparingInt(Entry::at));
        int expected = 0;
        for (Entry entry : entries) {
            require(entry.at() == expected, "something lies before " + entry.name());
            expected = afterLocal(entry);
        }
        require(expected == at, "something lies before the jar's directory");
    }

    private boolean isArchive(int end) {
        for (int at = end; at >= 0 && at >= end - MAX_COMMENT_BYTES; at--) {
            if (file.getInt(at) == END) {
                return true;
            }
        }
        return false;
    }

    private List<Entry> directory(int at, int count, int end) {
        List<Entry> entries = new ArrayList<>();
        file.position(at);
        for (int i = 0; i < count; i++) {
            int start = file.position();
            require(file.getInt(start) == CENTRAL, "the jar's directory is broken");
            int nameBytes = Short.toUnsignedInt(file.getShort(start + 28));
            int extra = Short.toUnsignedInt(file.getShort(start + 30));
            int comment = Short.toUnsignedInt(file.getShort(start + 32));
            String name = text(start + 46, nameBytes);
            Entry entry = new Entry(
                    name,
                    Short.toUnsignedInt(file.getShort(start + 8)),
                    Short.toUnsignedInt(file.getShort(start + 10)),
                    file.getInt(start + 16),
                    Integer.toUnsignedLong(file.getInt(start + 20)),
                    Integer.toUnsignedLong(file.getInt(start + 24)),
                    file.getInt(start + 42));
            require((entry.flags() & ENCRYPTED) == 0, name + " is encrypted");
            require(entry.method() == STORED || entry.method() == DEFLATED, name + " is packed in an unknown way");
            require(file.getShort(start + 34) == 0 && entry.at() >= 0, name + " lies elsewhere");
            entries.add(entry);
            file.position(start + 46 + nameBytes + extra + comment);
        }
        require(file.position() == end, "the jar's directory holds more than it counts");
        return entries;
    }

    /** Compares the local header with the directory; returns where the next one must begin. */
    private int afterLocal(Entry entry) {
        int at = entry.at();
        String name = entry.name();
        require(file.getInt(at) == LOCAL, name + " has no header");
        int nameBytes = Short.toUnsignedInt(file.getShort(at + 26));
        int extra = Short.toUnsignedInt(file.getShort(at + 28));
        require(text(at + 30, nameBytes).equals(name), name + " has another name in its own header");
        require(
                Short.toUnsignedInt(file.getShort(at + 6)) == entry.flags()
                        && Short.toUnsignedInt(file.getShort(at + 8)) == entry.method(),
                name + " is described in two ways");
        int content = at + 30 + nameBytes + extra;
        int after = Math.addExact(content, Math.toIntExact(entry.packed()));
        require(!entry.besideManifest() || unpacks(entry, content), name + " is described in two ways");
        if ((entry.flags() & HAS_DESCRIPTOR) == 0) {
            require(sums(at + 14, entry), name + " is described in two ways");
            return after;
        }
        if (file.getInt(after) == DESCRIPTOR && sums(after + 4, entry)) {
            return after + 16;
        }
        require(sums(after, entry), name + " is described in two ways");
        return after + 12;
    }

    /** Whether it has the size that it says, which the library trusts: it reads such files as a whole. */
    private boolean unpacks(Entry entry, int at) {
        if (entry.method() == STORED) {
            return entry.packed() == entry.size();
        }
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(file.slice(at, (int) entry.packed()));
            byte[] unpacked = new byte[1 << 16];
            int more = 1;
            while (more > 0 && inflater.getBytesWritten() <= entry.size()) {
                more = inflater.inflate(unpacked);
            }
            return inflater.finished() && inflater.getBytesWritten() == entry.size();
        } catch (DataFormatException e) {
            return false;
        } finally {
            inflater.end();
        }
    }

    private boolean sums(int at, Entry entry) {
        return file.getInt(at) == entry.crc()
                && Integer.toUnsignedLong(file.getInt(at + 4)) == entry.packed()
                && Integer.toUnsignedLong(file.getInt(at + 8)) == entry.size();
    }

    private String text(int at, int bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(file.slice(at, bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new StreamException(UpdateError.TAMPERED, "an entry's name is not UTF-8", e);
        }
    }

    private static void names(List<Entry> entries) {
        Set<String> seen = new HashSet<>();
        long signatures = 0;
        for (Entry entry : entries) {
            String name = entry.name();
            boolean folder = name.endsWith("/");
            String path = folder ? name.substring(0, name.length() - 1) : name;
            require(!folder || entry.size() == 0, "a folder has content: " + name);
            for (String part : path.split("/", -1)) {
                require(
                        !part.isEmpty() && !part.equals(".") && !part.equals(".."),
                        "an entry's name is no path inside the jar: " + name);
            }
            require(
                    path.chars().noneMatch(c -> c < ' ' || c == 0x7f || c == '\\' || c == ':'),
                    "an entry's name has a character that no path has");
            String upper = path.toUpperCase(Locale.ROOT);
            boolean meta = upper.equals("META-INF") || upper.startsWith("META-INF/");
            require(!meta || path.startsWith("META-INF"), "an entry looks like META-INF and is not: " + name);
            signatures += entry.besideManifest() ? entry.size() : 0;
            require(signatures <= MAX_SIGNATURE_BYTES, "the files in META-INF have more than 2 MiB");
            require(seen.add(meta ? upper : path), "an entry occurs twice: " + name);
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new StreamException(UpdateError.TAMPERED, otherwise);
        }
    }
}
