// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.workers;

import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import io.nvremote.media.StageStamps;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a picture lies in memory that both sides map, and what it is.
 *
 * @param file name of the memory's file in the worker's folder; a new name is new memory
 * @param fileBytes size of the file
 * @param changed rows that differ from the picture of one sequence less; null if any may
 */
public record PictureNote(
        String file,
        long fileBytes,
        int slot,
        PixelFormat format,
        Size size,
        List<Plane> planes,
        long sequence,
        StageStamps stamps,
        @Nullable BitSet changed) {

    /** More than the rows of any screen. */
    private static final int MOST_ROWS = 1 << 16;

    /** Where one plane lies in the file. */
    public record Plane(long offset, long bytes, int strideBytes) {}

    public void put(FieldWriter to) {
        to.text(file).number(fileBytes).number(slot);
        to.text(format.name()).number(size.width()).number(size.height()).number(planes.size());
        for (Plane plane : planes) {
            to.number(plane.offset()).number(plane.bytes()).number(plane.strideBytes());
        }
        to.number(sequence);
        ContractFields.put(to, stamps);
        to.flag(changed != null);
        if (changed != null) {
            long[] rows = changed.toLongArray();
            to.number(rows.length);
            for (long row : rows) {
                to.number(row);
            }
        }
    }

    /**
     * What the other side wrote, checked: the planes lie within the file, and the file's name is a plain one.
     *
     * @throws ProtocolFault for anything else
     */
    public static PictureNote read(FieldReader from) throws ProtocolFault {
        String file = from.text();
        long fileBytes = from.longNumber();
        int slot = from.number();
        String format = from.text();
        Size size = ContractFields.size(from);
        int count = from.count();
        List<Plane> planes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            planes.add(new Plane(from.longNumber(), from.longNumber(), from.number()));
        }
        long sequence = from.longNumber();
        StageStamps stamps = ContractFields.stamps(from);
        BitSet changed = from.flag() ? rows(from) : null;
        boolean within = planes.stream()
                .allMatch(plane -> plane.offset() >= 0
                        && plane.bytes() >= 0
                        && plane.strideBytes() > 0
                        && plane.offset() <= fileBytes - plane.bytes());
        if (!file.matches("[a-z0-9-]{1,40}") || slot < 0 || count < 1 || !within) {
            throw new ProtocolFault("a picture that is nowhere: " + file + " slot " + slot);
        }
        return new PictureNote(
                file, fileBytes, slot, new PixelFormat(format, count), size, planes, sequence, stamps, changed);
    }

    private static BitSet rows(FieldReader from) throws ProtocolFault {
        long[] words = new long[Math.min(from.count(), MOST_ROWS / Long.SIZE)];
        for (int i = 0; i < words.length; i++) {
            words[i] = from.longNumber();
        }
        return BitSet.valueOf(words);
    }
}
