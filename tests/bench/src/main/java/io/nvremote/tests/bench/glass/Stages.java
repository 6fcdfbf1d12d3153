// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.glass;

import io.nvremote.core.Clock;
import io.nvremote.media.StageStamps;
import io.nvremote.tests.bench.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Where the time of our chain goes, printed once a hundred pictures. Belongs to the thread that decodes. */
final class Stages {

    static final String PREFIX = "STAGES";

    private static final List<String> NAMES =
            List.of("capture", "convert", "encode", "packetise", "pace and network", "decode", "show");
    private static final int WINDOW = 100;

    private final List<List<Double>> millis =
            NAMES.stream().<List<Double>>map(n -> new ArrayList<>()).toList();
    private long received;
    private long decoded;

    void received() {
        received = Clock.system().nanos();
    }

    void decoded() {
        decoded = Clock.system().nanos();
    }

    @SuppressWarnings("SystemOut") // the parent reads it
    void shown(StageStamps host) {
        long[] marks = {
            host.shownNanos(),
            host.capturedNanos(),
            host.convertedNanos(),
            host.encodedNanos(),
            host.sentNanos(),
            received,
            decoded,
            Clock.system().nanos()
        };
        for (int i = 0; i < NAMES.size(); i++) {
            millis.get(i).add((marks[i + 1] - marks[i]) / 1e6);
        }
        if (millis.get(0).size() == WINDOW) {
            StringBuilder line = new StringBuilder(PREFIX);
            for (int i = 0; i < NAMES.size(); i++) {
                line.append(
                        String.format(Locale.ROOT, " %s %.1f", NAMES.get(i), Figures.percentile(millis.get(i), 50)));
                millis.get(i).clear();
            }
            System.out.println(line);
        }
    }
}
