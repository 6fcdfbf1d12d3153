// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli.gpu;

import io.nvremote.media.AccessUnit;
import io.nvremote.media.AccessUnitSink;
import java.util.ArrayList;
import java.util.List;

/** Units of a stream, kept. */
final class CodedUnits implements AccessUnitSink {

    private final List<byte[]> all = new ArrayList<>();
    private final List<Integer> keyFrames = new ArrayList<>();

    @Override
    public void accept(AccessUnit unit) {
        byte[] copy = new byte[unit.data().remaining()];
        unit.data().duplicate().get(copy);
        if (unit.keyFrame()) {
            keyFrames.add(all.size());
        }
        all.add(copy);
    }

    int count() {
        return all.size();
    }

    byte[] data(int place) {
        return all.get(place);
    }

    /** Their places. */
    List<Integer> keyFrames() {
        return keyFrames;
    }

    /** Bytes of those from one place to before another. */
    long bytes(int from, int to) {
        return all.subList(from, to).stream().mapToLong(data -> data.length).sum();
    }

    /** The mean size of those that are no key frames. */
    double meanBytes() {
        long keys = keyFrames.stream().mapToLong(place -> all.get(place).length).sum();
        return (double) (bytes(0, count()) - keys) / (count() - keyFrames.size());
    }
}
