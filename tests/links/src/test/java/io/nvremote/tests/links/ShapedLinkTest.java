// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.links;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.tests.kit.TwoMachines;
import io.nvremote.tests.kit.TwoMachines.Program;
import io.nvremote.tests.kit.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A stream of 8 Mbit/s between two machines, by the real transport, over links narrower and wider than it. The whole table
 * with {@code ./nvremote test --long}, on a machine with nothing else to do: then the three seconds count as well, which
 * are held in virtual time ({@code NarrowPathTest}) otherwise.
 */
class ShapedLinkTest {

    private static final boolean LONG = Boolean.getBoolean("nvremote.long");

    private TwoMachines machines;

    @BeforeEach
    void two_machines() {
        machines = new TwoMachines();
    }

    @AfterEach
    void close() {
        if (machines != null) {
            machines.close();
        }
    }

    static List<Arguments> links() {
        if (!LONG) {
            return List.of(Arguments.of(1, 500), Arguments.of(9, 50), Arguments.of(40, 20));
        }
        List<Arguments> all = new ArrayList<>();
        for (int megabits : new int[] {1, 2, 4, 9, 20, 50, 100}) {
            for (int queueMillis : new int[] {20, 50, 200, 500}) {
                all.add(Arguments.of(megabits, queueMillis));
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("links")
    void pictures_come_and_come_back_after_the_link_was_narrow(int megabits, int queueMillis) {
        Program link = machines.link(megabits, queueMillis, 10, 0);
        Program client = machines.onB(StreamClient.class);
        Program host = machines.onA(StreamHost.class);
        Waiting.until(() -> figure(client, "steady") >= 0, "ten pictures within a second");
        System.out.println(megabits + " Mbit/s, queue of " + queueMillis + " ms: ten pictures within a second after "
                + figure(client, "steady") + " ms");
        if (LONG) {
            assertThat(figure(client, "steady")).isLessThanOrEqualTo(3000);
        }
        long reachable = (long) Math.min(StreamEnd.STREAM, megabits * 0.5e6);
        Waiting.until(() -> figure(host, "target") >= reachable, "the encoder is told what the link carries");

        double narrow = Math.min(megabits, 8) / 4.0;
        link.tell(Double.toString(narrow));
        Waiting.until(() -> figure(host, "target") < narrow * 1e6, "the encoder is told of the narrow link");
        comes(client, 30);
        link.tell(Integer.toString(megabits));
        Waiting.until(() -> figure(host, "target") >= reachable, "the rate comes back by itself");

        long keys = figure(host, "keys");
        comes(client, 100);
        assertThat(figure(host, "keys") - keys)
                .as("key frames in a hundred pictures")
                .isLessThan(20);
    }

    @Test
    void the_encoder_hears_which_units_an_outage_took() {
        Program link = machines.link(20, 50, 10, 0);
        Program client = machines.onB(StreamClient.class);
        Program host = machines.onA(StreamHost.class);
        Waiting.until(() -> figure(client, "steady") >= 0, "ten pictures within a second");
        comes(client, 30);
        link.tell("0.02");
        Waiting.until(
                () -> behind(host, figure(client, "newest")).findAny().isPresent(),
                "the encoder hears of all behind the last picture shown");
        long shown = figure(client, "newest");
        link.tell("20");
        Waiting.until(() -> figure(client, "newest") > shown + 30, "pictures come again");
        long last = figure(client, "before");
        long next = figure(client, "after");
        assertThat(last).isGreaterThanOrEqualTo(shown);
        assertThat(behind(host, last))
                .as("losses behind %s, told before %s", last, next)
                .isNotEmpty()
                .allSatisfy(loss -> assertThat(loss[1]).isLessThan(next));
    }

    /** The losses told to the encoder that begin behind that unit, first and last. */
    private static Stream<long[]> behind(Program host, long unit) {
        return Pattern.compile("(\\d+)-(\\d+)")
                .matcher(host.last())
                .results()
                .map(loss -> new long[] {Long.parseLong(loss.group(1)), Long.parseLong(loss.group(2))})
                .filter(loss -> loss[0] == unit + 1);
    }

    private static void comes(Program client, int pictures) {
        long before = figure(client, "pictures");
        Waiting.until(() -> figure(client, "pictures") >= before + pictures, pictures + " pictures more");
    }

    private static long figure(Program program, String name) {
        Matcher matcher = Pattern.compile(name + "=(-?\\d+)").matcher(program.last());
        return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
    }
}
