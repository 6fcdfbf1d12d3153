// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.media.Frame;
import io.nvremote.media.HostSurface;
import io.nvremote.media.Lease;
import io.nvremote.media.LentFrame;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import io.nvremote.media.StageStamps;
import io.nvremote.testcard.TestcardMark;
import io.nvremote.testcard.TestcardPainter;
import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestcardCheckTest {

    private static final Size SIZE = new Size(640, 360);

    private final TestcardCheck check = new TestcardCheck();

    /** Keys that are typed, t, and counts of keys as the pictures show them; a count that falls is another card's. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 t 1 t 2 2 t 3           | true  | all seen",
                "0 t 1 t t 3               | true  | two in one picture",
                "0 t 1 t 2 t               | false | one was lost",
                "0 t 1 2                   | false | one that nobody typed",
                "0 t 1 t 2 0 t 1           | true  | another card, nothing in between",
                "0 t 1 t 2 t 0 t 1         | true  | one after the old card's last picture",
                "0 t 1 t 2 t t t 0 t 1     | true  | three after it, on a slow machine",
                "0 t 1 t 2 0 t t 1         | true  | one that the old card still took",
                "0 t 1 t 2 0 t 1 t 2 t     | false | one was lost long after",
                "0 t 1 t 2 t 0 t 1 t t 2   | false | one beside that of the replacement",
                "0 t 1 t 0 t 1 t 0 t 1     | true  | one at each of two replacements"
            })
    void what_was_typed_is_in_the_pictures(String happened, boolean well, String what) {
        try (Arena arena = Arena.ofConfined()) {
            int pictures = 0;
            for (String each : happened.strip().split(" +")) {
                if (each.equals("t")) {
                    check.typed();
                } else {
                    check.picture(picture(arena, pictures++, Integer.parseInt(each)));
                }
            }
        }
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        ArrayNode problems = JsonNodeFactory.instance.arrayNode();
        check.report(out, problems);
        assertThat(problems.isEmpty()).as(what + ": " + out + problems).isEqualTo(well);
    }

    private static Frame picture(Arena arena, int number, int keys) {
        int stride = 4 * SIZE.width();
        HostSurface card = new HostSurface(
                PixelFormat.BGRA,
                SIZE,
                List.of(new HostSurface.Plane(arena.allocate((long) stride * SIZE.height()), stride)));
        new TestcardPainter(SIZE).paint(card, new TestcardMark(number, 4, keys, 32_768, 32_768));
        return new LentFrame(
                new Lease() {
                    @Override
                    public HostSurface surface() {
                        return card;
                    }

                    @Override
                    public Lease hold() {
                        return this;
                    }

                    @Override
                    public void release() {}
                },
                number,
                StageStamps.captured(0, 0),
                null);
    }
}
