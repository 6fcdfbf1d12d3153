// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench;

import java.util.Arrays;
import java.util.List;

/** Order statistics of small samples. */
public final class Figures {

    private Figures() {}

    /** The middle value; the mean of the two middle ones if their number is even; NaN of nothing. */
    public static double median(List<Double> values) {
        double[] sorted = sorted(values);
        if (sorted.length == 0) {
            return Double.NaN;
        }
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** The smallest value that at least {@code percent} of a hundred values do not exceed (nearest rank); NaN of nothing. */
    public static double percentile(List<Double> values, double percent) {
        double[] sorted = sorted(values);
        if (sorted.length == 0) {
            return Double.NaN;
        }
        int rank = (int) Math.ceil(percent / 100 * sorted.length);
        return sorted[Math.clamp(rank, 1, sorted.length) - 1];
    }

    private static double[] sorted(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }
}
