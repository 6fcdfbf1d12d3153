// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.capture.CaptureError;
import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSession.Grab;
import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.core.FrameRate;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.Frame;
import io.nvremote.media.Size;
import io.nvremote.tck.TestcardFrames;
import io.nvremote.testcard.TestcardReader;
import io.nvremote.updates.PluginFigures.Processes;
import io.nvremote.worker.WorkerPlugin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a worker does to itself while a stream runs: the stream goes on, and nothing of it stays in this process. */
class WorkerDeathTest {

    private static final Size SIZE = new Size(640, 360);
    private static final EncodeSpec SPEC = EncodeSpec.of(Codec.H264, SIZE, new FrameRate(60), Bitrate.ofMegabits(4));
    private static final int FRAMES = 12;
    /** What a worker says past the protocol is read when it is: the stream goes on until then. */
    private static final int MOST_FRAMES = 100_000;

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    @TempDir
    private Path folder;

    /** The archives on this process's class path stay open once something was loaded from them: that is to be before anything is counted. */
    @BeforeAll
    static void load() {
        try (WorkerHall hall = TestHall.open(WorkerSettings.standard());
                WorkerPlugin<Encoder> encoder = hall.start(Encoder.class, UnrulyEncoder.class, Map.of());
                TestcardFrames cards = new TestcardFrames(SIZE);
                EncoderSession session = encoder.service().open(SPEC, unit -> {})) {
            session.encode(cards.next(), false);
        }
    }

    /** Hangs are waited for, so their limit is short; starts are not. */
    private static WorkerSettings settings() {
        WorkerSettings usual = WorkerSettings.standard();
        return new WorkerSettings(
                null,
                128,
                512,
                120,
                Duration.ofSeconds(2),
                usual.startLimit(),
                usual.crashes(),
                usual.crashWindow(),
                usual.quarantine());
    }

    private Map<String, String> once(Misdeed misdeed) {
        return Map.of("misdeed", misdeed.name(), "markers", folder.toString());
    }

    @ParameterizedTest
    @EnumSource(value = Misdeed.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void a_stream_loses_no_frame_when_its_encoder_dies(Misdeed misdeed) throws Exception {
        OwnFigures before = OwnFigures.now();
        List<Long> sequences = new ArrayList<>();
        List<Long> keyFrames = new ArrayList<>();
        Set<Long> rates = new HashSet<>();
        try (WorkerHall hall = TestHall.open(settings());
                WorkerPlugin<Encoder> plugin = hall.start(Encoder.class, UnrulyEncoder.class, once(misdeed));
                TestcardFrames cards = new TestcardFrames(SIZE)) {
            try (EncoderSession session =
                    plugin.service().open(SPEC, unit -> keep(unit, sequences, keyFrames, rates))) {
                session.retarget(Bitrate.ofMegabits(3));
                for (int i = 0; i < MOST_FRAMES && (i < FRAMES || hall.deaths() == 0); i++) {
                    session.encode(cards.next(), false);
                    assertThat(cards.held()).isZero();
                }
            }
            assertThat(hall.deaths()).as("workers that died").isEqualTo(1);
            measured(hall, misdeed);
        }
        assertThat(sequences)
                .isEqualTo(LongStream.range(0, sequences.size()).boxed().toList())
                .hasSizeGreaterThanOrEqualTo(FRAMES);
        assertThat(keyFrames).as("the first, and that of the cut").hasSize(2).startsWith(0L);
        assertThat(keyFrames.getLast()).isGreaterThanOrEqualTo(UnrulyEncoder.WHEN);
        assertThat(rates).as("the rate outlives the worker").containsExactly(3_000_000L);
        assertThat(OwnFigures.settledTo(before)).isEqualTo(before);
    }

    private static void keep(AccessUnit unit, List<Long> sequences, List<Long> keyFrames, Set<Long> rates) {
        assertThat(unit.data().getLong(unit.data().position())).isEqualTo(unit.sequence());
        sequences.add(unit.sequence());
        rates.add(unit.data().getLong(unit.data().position() + Long.BYTES + Integer.BYTES));
        if (unit.keyFrame()) {
            keyFrames.add(unit.sequence());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Misdeed.class,
            names = {"KILLED", "STOPPED", "WRITES_TO_ADDRESS_0", "FILLS_THE_HEAP", "SENDS_HALF_A_MESSAGE"})
    void pictures_go_on_when_their_source_dies(Misdeed misdeed) throws Exception {
        OwnFigures before = OwnFigures.now();
        List<Long> sequences = new ArrayList<>();
        try (WorkerHall hall = TestHall.open(settings());
                WorkerPlugin<CaptureSource> plugin =
                        hall.start(CaptureSource.class, UnrulySource.class, once(misdeed));
                CaptureSession session = plugin.service().open(new CaptureSpec("", SIZE, new FrameRate(60)))) {
            while (sequences.size() < FRAMES || (hall.deaths() == 0 && sequences.size() < MOST_FRAMES)) {
                Grab grab = session.grab(PATIENCE, frame -> {
                    assertThat(TestcardReader.read(frame.host())).isPresent();
                    sequences.add(frame.sequence());
                });
                assertThat(grab).isEqualTo(Grab.PICTURE);
            }
            assertThat(session.cursor()).isNotNull();
            assertThat(hall.deaths()).as("workers that died").isEqualTo(1);
        }
        assertThat(sequences)
                .isEqualTo(LongStream.range(0, sequences.size()).boxed().toList())
                .hasSizeGreaterThanOrEqualTo(FRAMES);
        assertThat(OwnFigures.settledTo(before)).isEqualTo(before);
    }

    /** Long: as many as the bar asks for; else enough to see a leak of one a death. */
    @Test
    void many_deaths_leave_nothing_behind_and_no_other_stream_notices() throws Exception {
        int deaths = Boolean.getBoolean("nvremote.long") ? 200 : 12;
        WorkerSettings patient = new WorkerSettings(
                null,
                64,
                512,
                120,
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                100,
                Duration.ofSeconds(1),
                PATIENCE);
        Map<String, String> each = Map.of("each", "", "misdeed", Misdeed.KILLED.name(), "markers", folder.toString());
        List<Long> others = new ArrayList<>();
        List<Long> sequences = new ArrayList<>();
        try (WorkerHall hall = TestHall.open(patient);
                StartedBody<Encoder> dying = hall.start(Encoder.class, UnrulyEncoder.class, each);
                StartedBody<Encoder> other = hall.start(Encoder.class, UnrulyEncoder.class, Map.of());
                TestcardFrames cards = new TestcardFrames(SIZE);
                EncoderSession stream = dying.service().open(SPEC, unit -> sequences.add(unit.sequence()));
                EncoderSession beside = other.service().open(SPEC, unit -> {
                    assertThat(unit.keyFrame()).isEqualTo(unit.sequence() == 0);
                    others.add(unit.sequence());
                })) {
            OwnFigures early = null;
            for (int i = 0; i < deaths; i++) {
                Frame frame = cards.next();
                stream.encode(frame, false);
                beside.encode(frame, false);
                if (i == 2) {
                    awaitSpares(dying, other);
                    early = OwnFigures.now();
                }
            }
            assertThat(hall.deaths()).isEqualTo(deaths);
            awaitSpares(dying, other);
            assertThat(OwnFigures.settledTo(early)).isEqualTo(early);
        }
        assertThat(sequences).isEqualTo(LongStream.range(0, deaths).boxed().toList());
        assertThat(others).isEqualTo(sequences);
    }

    private static final Set<Misdeed> SILENT = Set.of(Misdeed.STOPPED, Misdeed.SPINS, Misdeed.WAITS_FOR_EVER);

    /** The watch looks ten times a second: it has, once a spare is seen. */
    private static void measured(WorkerHall hall, Misdeed misdeed) {
        Processes seen = hall.of("UnrulyEncoder");
        while (seen.mostThreads() == 0 || seen.running() == 0) {
            Clock.system().sleep(Duration.ofMillis(20));
            seen = hall.of("UnrulyEncoder");
        }
        assertThat(seen.restarts()).isEqualTo(1);
        assertThat(seen.deaths()).isEqualTo(1);
        assertThat(seen.cpu()).isPositive();
        assertThat(seen.threads()).isBetween(1, seen.mostThreads());
        assertThat(seen.residentBytes()).isBetween(10L << 20, seen.mostResidentBytes());
        if (SILENT.contains(misdeed)) {
            assertThat(seen.unanswered()).as("calls that did not come back").isEqualTo(1);
        } else if (misdeed == Misdeed.EXITS) {
            assertThat(seen.unanswered()).isZero();
        }
        assertThat(hall.of("another")).isEqualTo(Processes.NONE);
    }

    /** Until each plugin has its one worker and its one spare. */
    private static void awaitSpares(StartedBody<?>... bodies) {
        for (StartedBody<?> body : bodies) {
            while (body.workers().running().size() != 2) {
                Clock.system().sleep(Duration.ofMillis(20));
            }
        }
    }

    @Test
    void a_body_that_always_dies_is_left_alone_and_says_why() {
        Map<String, String> always = Map.of("misdeed", Misdeed.EXITS.name());
        try (WorkerHall hall = TestHall.open(settings());
                WorkerPlugin<Encoder> plugin = hall.start(Encoder.class, UnrulyEncoder.class, always);
                TestcardFrames cards = new TestcardFrames(SIZE);
                EncoderSession session = plugin.service().open(SPEC, unit -> {})) {
            for (int i = 0; i < UnrulyEncoder.WHEN; i++) {
                session.encode(cards.next(), false);
            }
            assertThatThrownBy(() -> session.encode(cards.next(), false))
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(EncodeError.DEVICE_LOST))
                    .hasMessageContaining("exit code 7");
            assertThat(hall.deaths()).isEqualTo(3);
            assertThatThrownBy(() -> plugin.service().open(SPEC, unit -> {}))
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(EncodeError.DEVICE_UNAVAILABLE))
                    .hasMessageContaining("in quarantine");
        }
    }

    @Test
    void a_source_that_always_dies_is_lost() {
        Map<String, String> always = Map.of("misdeed", Misdeed.WRITES_TO_ADDRESS_0.name());
        try (WorkerHall hall = TestHall.open(settings());
                WorkerPlugin<CaptureSource> plugin = hall.start(CaptureSource.class, UnrulySource.class, always);
                CaptureSession session = plugin.service().open(new CaptureSpec("", SIZE, new FrameRate(60)))) {
            assertThatThrownBy(() -> {
                        while (true) {
                            session.grab(PATIENCE, frame -> {});
                        }
                    })
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(CaptureError.SOURCE_LOST))
                    .hasMessageContaining("in V [libjvm.so");
        }
    }
}
