// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rollouts;

import io.nvremote.core.StreamException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many hosts have their turn by the end of each wave. Immutable.
 *
 * @param ends rising; the last is the number of all
 */
record Waves(List<Integer> ends) {

    private static final Pattern PART = Pattern.compile("([0-9]{1,6})(%?)");

    Waves {
        ends = List.copyOf(ends);
    }

    /**
     * Reads numbers of hosts and percent, such as {@code 1,10%,100%}; what is missing at the end is all of them.
     *
     * @throws StreamException {@link RolloutError#WAVES_REFUSED}
     */
    static Waves parse(String text, int hosts) {
        List<Integer> ends = new ArrayList<>();
        int[] before = {0, 0}; // in numbers, in percent
        for (String part : text.split(",", -1)) {
            Matcher form = PART.matcher(part.strip());
            if (!form.matches()) {
                throw refused("'" + part + "' is neither a number of hosts nor percent");
            }
            int number = Integer.parseInt(form.group(1));
            boolean percent = !form.group(2).isEmpty();
            if (number == 0 || (percent && number > 100)) {
                throw refused("'" + part + "' is not from 1 to all of them");
            }
            int unit = percent ? 1 : 0;
            if (number <= before[unit]) {
                throw refused("'" + part + "' is no more than the wave before it");
            }
            before[unit] = number;
            int end = (int) Math.min(hosts, percent ? Math.ceil(number / 100.0 * hosts) : number);
            if (ends.isEmpty() || end > ends.getLast()) { // Of few hosts two waves may end at the same one, or before.
                ends.add(end);
            }
        }
        if (ends.getLast() < hosts) {
            ends.add(hosts);
        }
        return new Waves(ends);
    }

    private static StreamException refused(String why) {
        return new StreamException(RolloutError.WAVES_REFUSED, why);
    }

    /** Whose turn comes when, by position from 0. */
    int of(int position) {
        int wave = 0;
        while (position >= ends.get(wave)) {
            wave++;
        }
        return wave;
    }
}
