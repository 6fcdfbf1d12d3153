// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.track.TrackReport;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes the counters of a report and nothing else. Not safe for threads. */
final class CounterReport implements TrackReport {

    private final Map<String, Long> counted = new LinkedHashMap<>();

    Map<String, Long> counted() {
        return Map.copyOf(counted);
    }

    @Override
    public void counter(String name, long value) {
        counted.put(name, value);
    }

    @Override
    public void fact(String name, @Nullable String value) {}

    @Override
    public void gauge(String name, double value) {}

    @Override
    public void entry(String list, Map<String, String> fields) {}
}
