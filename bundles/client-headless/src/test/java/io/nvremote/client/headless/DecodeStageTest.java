// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.client.headless.DecodeStage.Outcome;
import io.nvremote.core.Clock;
import io.nvremote.decode.Decoder;
import io.nvremote.decode.DecoderSession;
import io.nvremote.decode.DecoderSession.Decoded;
import io.nvremote.lib.plugins.PluginUsers;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.DecoderCapability;
import io.nvremote.media.FrameSink;
import io.nvremote.media.HostSurface;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import io.nvremote.media.StageStamps;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.osgi.framework.Constants;

/** Decoders that come, go and do what they must not, under one stream. Every picture is noted by the sequence that it shows. */
class DecodeStageTest {

    private static final Size SIZE = FakeDecoder.SIZE;

    private final RankedServices<Decoder> decoders = new RankedServices<>();
    private final FakeDecoder own = new FakeDecoder((surface, sequence) -> {});
    private final FakeDecoder fresh = new FakeDecoder((surface, sequence) -> {});
    private final List<Long> shown = new CopyOnWriteArrayList<>();
    private final List<String> blamed = new CopyOnWriteArrayList<>();
    private final DecodeFigures figures = new DecodeFigures();
    private volatile Size told = SIZE;
    private final DecodeStage stage = new DecodeStage(
            new DecodeParts(
                    decoders,
                    (service, reason) -> {
                        decoders.setAside(service, reason);
                        blamed.add(service.serviceId() + ": " + reason);
                    },
                    new DecodeLimits(Duration.ofSeconds(1), Duration.ofSeconds(20)),
                    new PluginUsers<>()),
            frame -> {
                HostSurface.Plane plane = frame.host().planes().getFirst();
                plane.memory().get(ValueLayout.JAVA_BYTE, (frame.size().height() - 1L) * plane.strideBytes());
                shown.add(frame.sequence());
            },
            () -> told,
            figures);
    private long sequence;

    @AfterEach
    void close() {
        stage.close();
    }

    private void offer(Decoder decoder, long id, int ranking) {
        decoders.add(ServiceCandidate.of(
                decoder,
                Map.of("decode.codec", "h264", Constants.SERVICE_ID, id, Constants.SERVICE_RANKING, ranking),
                "decode.codec"));
    }

    private Outcome unit(boolean key) {
        return stage.decode(
                new AccessUnit(Codec.H264, ByteBuffer.allocate(1), key, sequence++, StageStamps.captured(0, 0)));
    }

    private void awaitReady() {
        await(() -> {
            stage.settle();
            return stage.wantsKeyFrame();
        });
    }

    private static void await(BooleanSupplier done) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!done.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited for too long").isLessThan(end);
            Clock.system().sleep(Duration.ofMillis(5));
        }
    }

    private List<Long> all() {
        List<Long> all = new ArrayList<>();
        for (long i = 0; i < sequence; i++) {
            all.add(i);
        }
        return all;
    }

    @Test
    void a_better_one_takes_over_at_a_key_frame_and_no_picture_is_lost() {
        offer(own, 1, 0);
        assertThat(unit(true)).isEqualTo(Outcome.PICTURE);
        assertThat(stage.wantsKeyFrame()).isFalse();
        offer(fresh, 2, 10);
        awaitReady();
        assertThat(stage.wantsKeyFrame()).as("again at once").isFalse();
        assertThat(unit(false)).isEqualTo(Outcome.PICTURE);
        assertThat(fresh.pictures.get()).isZero();
        assertThat(unit(true)).isEqualTo(Outcome.PICTURE);
        assertThat(unit(false)).isEqualTo(Outcome.PICTURE);
        assertThat(fresh.pictures.get()).isEqualTo(2);
        assertThat(shown).isEqualTo(all());
        assertThat(figures.swaps()).isEqualTo(1);
        await(() -> own.open.get() == 0);
        assertThat(stage.uses(1)).isFalse();
        assertThat(stage.uses(2)).isTrue();
    }

    @Test
    void one_that_is_gone_decodes_until_the_other_can_begin() {
        offer(own, 1, 0);
        offer(fresh, 2, 10);
        assertThat(unit(true)).isEqualTo(Outcome.PICTURE);
        decoders.remove(2);
        assertThat(unit(false)).isEqualTo(Outcome.PICTURE);
        assertThat(fresh.pictures.get()).isEqualTo(2);
        awaitReady();
        assertThat(unit(true)).isEqualTo(Outcome.PICTURE);
        assertThat(stage.uses(2)).isFalse();
        assertThat(shown).isEqualTo(all());
        await(() -> fresh.open.get() == 0);
    }

    /** As when no key frame comes: its bundle does not wait for ever. */
    @Test
    void one_that_is_gone_ends_after_a_while() {
        offer(own, 1, 0);
        offer(fresh, 2, 10);
        unit(true);
        decoders.remove(2);
        await(() -> {
            stage.settle();
            return !stage.uses(2);
        });
        assertThat(unit(false)).isEqualTo(Outcome.PASSED_OVER);
        assertThat(unit(true)).isEqualTo(Outcome.PICTURE);
        assertThat(own.pictures.get()).isEqualTo(1);
    }

    @Test
    void one_that_is_gone_ends_at_once_where_nothing_can_take_over() {
        offer(own, 1, 0);
        unit(true);
        decoders.remove(1);
        assertThat(unit(false)).isEqualTo(Outcome.PASSED_OVER);
        await(() -> own.open.get() == 0);
        offer(fresh, 2, 0);
        assertThat(unit(false)).isEqualTo(Outcome.PASSED_OVER);
        assertThat(unit(true)).isEqualTo(Outcome.PICTURE);
    }

    /** What a decoder does that keeps to nothing. */
    private enum Mischief {
        THROWS("Error: on purpose"),
        HANGS("did not return within"),
        OTHER_SIZE("made a picture of 320x180 of one of 640x360"),
        TWO_PICTURES("two pictures"),
        NO_PICTURE("handed none over"),
        ANOTHER_UNIT("another unit"),
        NO_MEMORY("can't be read"),
        NOTHING("did not say"),
        REFUSES_KEY_FRAMES("could not decode a key frame");

        private final String words;

        Mischief(String words) {
            this.words = words;
        }
    }

    /** Decodes well until it is told otherwise. */
    private static final class BadDecoder implements Decoder {

        private final Mischief mischief;
        private volatile boolean good;
        private final CountDownLatch never = new CountDownLatch(1);
        private final FakeDecoder honest = new FakeDecoder((surface, sequence) -> {});

        BadDecoder(Mischief mischief, boolean good) {
            this.mischief = mischief;
            this.good = good;
        }

        @Override
        public List<DecoderCapability> capabilities() {
            return honest.capabilities();
        }

        @Override
        public DecoderSession open(Codec codec, FrameSink sink) {
            DecoderSession session = honest.open(codec, sink);
            return new DecoderSession() {
                @Override
                public Decoded decode(AccessUnit unit) {
                    return good ? session.decode(unit) : bad(unit, sink, session);
                }

                @Override
                public void close() {
                    session.close();
                }
            };
        }

        private Decoded bad(AccessUnit unit, FrameSink sink, DecoderSession session) {
            switch (mischief) {
                case THROWS -> throw new AssertionError("on purpose");
                case HANGS -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
                case OTHER_SIZE -> picture(new Size(320, 180), 320 * 180 * 4, unit.sequence(), unit, sink);
                case TWO_PICTURES -> {
                    session.decode(unit);
                    session.decode(unit);
                }
                case ANOTHER_UNIT -> picture(SIZE, 640 * 360 * 4, unit.sequence() + 1, unit, sink);
                case NO_MEMORY -> picture(SIZE, 16, unit.sequence(), unit, sink);
                case NOTHING -> {
                    return null;
                }
                case REFUSES_KEY_FRAMES -> {
                    return Decoded.NEED_KEY_FRAME;
                }
                case NO_PICTURE -> {}
            }
            return Decoded.PICTURE;
        }

        private static void picture(Size size, int bytes, long sequence, AccessUnit unit, FrameSink sink) {
            MemorySegment memory = MemorySegment.ofBuffer(ByteBuffer.allocateDirect(bytes));
            HostSurface surface =
                    new HostSurface(PixelFormat.BGRA, size, List.of(new HostSurface.Plane(memory, size.width() * 4)));
            sink.accept(FakeDecoder.frame(surface, sequence, unit.stamps()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void one_that_fails_while_it_takes_over_costs_no_picture(Mischief mischief) {
        offer(own, 1, 0);
        unit(true);
        BadDecoder bad = new BadDecoder(mischief, false);
        offer(bad, 2, 10);
        awaitReady();
        assertThat(unit(true)).isEqualTo(Outcome.PICTURE);
        assertThat(unit(false)).isEqualTo(Outcome.PICTURE);
        assertThat(shown).contains(0L, 1L, 2L).doesNotHaveDuplicates();
        assertThat(blamed).singleElement().asString().startsWith("2: ").contains(mischief.words);
        assertThat(stage.uses(2)).isFalse();
        assertThat(figures.failures()).isEqualTo(1);
        bad.never.countDown();
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"OTHER_SIZE", "REFUSES_KEY_FRAMES"})
    void one_that_fails_in_mid_stream_is_left_and_the_picture_goes_on_from_the_next_key_frame(Mischief mischief) {
        offer(own, 1, 0);
        BadDecoder bad = new BadDecoder(mischief, true);
        offer(bad, 2, 10);
        assertThat(unit(true)).isEqualTo(Outcome.PICTURE);
        bad.good = false;
        assertThat(unit(false)).as("of no encoder's doing").isEqualTo(Outcome.PASSED_OVER);
        assertThat(unit(false)).isEqualTo(Outcome.PASSED_OVER);
        assertThat(unit(true)).isEqualTo(Outcome.PICTURE);
        assertThat(unit(false)).isEqualTo(Outcome.PICTURE);
        assertThat(own.pictures.get()).isEqualTo(2);
        assertThat(blamed).singleElement().asString().startsWith("2: ").contains(mischief.words);
        bad.never.countDown();
    }

    @Test
    void one_whose_pictures_have_another_size_for_long_is_left() {
        offer(own, 1, 0);
        BadDecoder bad = new BadDecoder(Mischief.OTHER_SIZE, true);
        offer(bad, 2, 10);
        unit(true);
        bad.good = false;
        await(() -> {
            unit(true);
            return stage.uses(1);
        });
        assertThat(blamed).singleElement().asString().contains("makes pictures of 320x180 of a stream of 640x360");
        assertThat(unit(true)).isEqualTo(Outcome.PICTURE);
        assertThat(own.pictures.get()).isPositive();
    }

    /** The host's word comes by another way than its pictures: for a while one of them is ahead. */
    @Test
    void nobody_is_blamed_for_a_stream_that_changes_its_size() {
        offer(own, 1, 0);
        unit(true);
        told = new Size(1280, 720);
        offer(fresh, 2, 10);
        awaitReady();
        assertThat(unit(true)).isEqualTo(Outcome.PICTURE);
        assertThat(stage.uses(2)).isTrue();
        assertThat(blamed).isEmpty();
        assertThat(shown).isEqualTo(all());
    }

    @Test
    void what_a_hanging_one_still_has_is_not_used_again() {
        offer(own, 1, 0);
        BadDecoder bad = new BadDecoder(Mischief.HANGS, true);
        offer(bad, 2, 10);
        unit(true);
        assertThat(stage.isLent()).isFalse();
        bad.good = false;
        unit(false);
        assertThat(stage.isLent()).isTrue();
        unit(true);
        assertThat(stage.isLent()).isFalse();
        bad.never.countDown();
    }

    @Test
    void one_that_does_not_open_is_blamed_and_the_next_one_serves() {
        offer(own, 1, 0);
        FakeDecoder closed = new FakeDecoder((surface, sequence) -> {}) {
            @Override
            public DecoderSession open(Codec codec, FrameSink sink) {
                throw new IllegalStateException("on purpose");
            }
        };
        offer(closed, 2, 10);
        assertThat(unit(true)).isEqualTo(Outcome.PICTURE);
        assertThat(blamed).singleElement().asString().startsWith("2: ").contains("on purpose");
    }
}
