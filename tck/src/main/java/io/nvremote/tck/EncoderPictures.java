// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.StreamException;
import io.nvremote.decode.DecoderSession;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.Damage;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Sampling;
import io.nvremote.media.Size;
import io.nvremote.media.SurfaceKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Part of {@link EncoderContract}: that what is shown in the end is what was handed over, in colour and to its edges. */
abstract class EncoderPictures extends EncoderUnderTest {

    private static final Size ODD = new Size(641, 363);
    /** No multiple of what vector code reads at once. */
    private static final int PADDING_BYTES = 36;

    /** How often a picture is repeated until its colours are judged: the first may be coarse. */
    private static final int REPEATS = 3;

    private final List<List<String>> wrong = new ArrayList<>();
    private long nextSequence;

    /** Encodes two cards of each padding, each until it is sharp, and asserts that they are shown in their colours. */
    private void assertColours(Size size, PixelFormat format, int... paddings) {
        EncodeSpec spec = with(spec(size), Sampling.YUV420_8, SurfaceKind.host(format));
        List<ColourCard> shown = new ArrayList<>();
        try (DecoderSession decoder = decoder()
                        .open(codec(), frame -> wrong.add(shown.getLast().wrong(frame.host())));
                EncoderSession session = encoder().open(spec, decoder::decode)) {
            for (int padding : paddings) {
                try (ColourCard card = new ColourCard(size, format, padding)) {
                    shown.add(card);
                    show(format.name() + " and " + padding + " bytes", session, card, null);
                    card.paint(1);
                    show(format.name() + " and " + padding + " bytes", session, card, null);
                }
            }
        }
    }

    @Test
    public void colours_are_those_of_bt709() {
        assertColours(SMALL, PixelFormat.BGRA, 0);
    }

    @Test
    public void rows_begin_where_the_stride_says() {
        assertColours(ODD, PixelFormat.BGRA, 0, PADDING_BYTES);
    }

    /** Others than BGRA, which every encoder has to take, it may refuse, but at open only. */
    @Test
    public void every_pixel_format_that_is_taken_at_open_shows_its_colours() {
        for (PixelFormat format : List.of(PixelFormat.NV12, PixelFormat.I420)) {
            int before = wrong.size();
            try {
                assertColours(ODD, format, 0, PADDING_BYTES);
            } catch (StreamException e) {
                assertThat(e.code()).isEqualTo(EncodeError.SPEC_REFUSED);
                assertThat(wrong).as("pictures before it was refused").hasSize(before);
            }
        }
    }

    @Test
    public void pictures_of_any_size_lose_no_more_than_an_odd_column_and_row() {
        for (Size size : List.of(ODD, new Size(1918, 1078)).subList(0, LongRun.times(1, 2))) {
            List<Size> seen = new ArrayList<>();
            units.clear();
            try (TestcardFrames cards = new TestcardFrames(size);
                    EncoderSession session = open(size)) {
                encode(session, cards, 2);
            }
            assertThat(numbersSeen()).as(size.toString()).isEqualTo(upTo(2));
            try (DecoderSession decoder = decoder().open(codec(), frame -> seen.add(frame.size()))) {
                decoder.decode(units.getFirst().unit());
            }
            assertThat(seen.getFirst().width()).isBetween(size.width() & ~1, size.width());
            assertThat(seen.getFirst().height()).isBetween(size.height() & ~1, size.height());
        }
    }

    /** Damage is relative to the picture of the same session with the number before: who has not seen that takes all of the picture. */
    @Test
    public void damage_is_believed_only_where_the_picture_before_was_seen() {
        Object source = new Object();
        try (ColourCard card = new ColourCard(SMALL, PixelFormat.BGRA, 0);
                DecoderSession decoder = decoder().open(codec(), frame -> wrong.add(card.wrong(frame.host())));
                EncoderSession session = encoder().open(spec(SMALL), decoder::decode)) {
            show("the first picture", session, card, card.damage(source, 0, 1, 2, 3));
            card.paint(1, 5);
            show("what changed", session, card, card.damage(source, 1));
            card.paint(2, 5);
            nextSequence++;
            card.paint(0, 5);
            show("what changed in a picture that was dropped", session, card, card.damage(source, 0));
            card.paint(3, 5);
            show("what changed where the source does not say", session, card, null);
            card.paint(1, 7);
            show("what changed between two sources", session, card, card.damage(new Object(), 0));
        }
    }

    /** A picture, then itself until it is sharp. */
    private void show(String what, EncoderSession session, ColourCard card, @Nullable Damage damage) {
        Damage none = damage == null ? null : card.damage(damage.session());
        for (int i = 0; i < REPEATS; i++) {
            session.encode(card.frame(nextSequence++, i == 0 ? damage : none), false);
        }
        assertThat(wrong.getLast()).as(what).isEmpty();
    }
}
