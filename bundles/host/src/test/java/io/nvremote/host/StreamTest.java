// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.capture.CaptureSource;
import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.Encoder;
import io.nvremote.host.Fakes.Letter;
import io.nvremote.host.Fakes.Sent;
import io.nvremote.input.InputEvent;
import io.nvremote.input.InputSink;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.media.Codec;
import io.nvremote.media.DecoderCapability;
import io.nvremote.media.Size;
import io.nvremote.stream.StreamMessage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One stream with providers that come, go, break and hang. */
class StreamTest {

    private final Fakes.Card card = new Fakes.Card();
    private final Fakes.Wire wire = new Fakes.Wire();
    private final Fakes.Tunnels tunnels = new Fakes.Tunnels();
    private final Fakes.Keyboard keyboard = new Fakes.Keyboard();
    private final RankedServices<CaptureSource> captures = new RankedServices<>();
    private final RankedServices<Encoder> encoders = new RankedServices<>();
    private final RankedServices<InputSink> inputs = new RankedServices<>();
    private final BlockingQueue<String> failed = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
    private final Letter a = new Letter('a');
    private final Letter b = new Letter('b');
    private final ServiceCandidate<Encoder> offeredA = Fakes.offered(a, 1, 0, "h264", "enc", "1.0.0");
    private final ServiceCandidate<Encoder> offeredB = Fakes.offered(b, 2, 10, "h264", "other", "1.0.0");
    private ComposedSession session;
    private long lastSequence = 1; // The picture that sized the stream.

    @BeforeEach
    void begin() {
        captures.add(Fakes.offered(card, 10, 0, "card", "capture", "1.0.0"));
        inputs.add(Fakes.offered(keyboard, 11, 0, "card", "input", "1.0.0"));
        encoders.add(offeredA);
    }

    @AfterEach
    void end() throws Exception {
        a.wake.countDown();
        b.wake.countDown();
        session.end("test over");
        assertThat(ended.poll(20, TimeUnit.SECONDS)).isNotNull();
        assertThat(wire.overlapped).as("two threads in one sender").isFalse();
    }

    @Test
    void a_better_encoder_takes_over_with_a_key_frame_and_no_frame_is_lost() throws Exception {
        open();
        takeUntil('a', 20);
        encoders.add(offeredB);
        Sent first = takeUntilFirst('b');
        assertThat(first.keyFrame()).isTrue();
        takeUntil('b', 20);
        await(() -> a.closed.get() == 1);
        assertThat(session.video().swaps).hasValue(1);
        assertThat(session.video().dropped).hasValue(0);
        assertThat(failed).isEmpty();
        assertThat(session.encoder()).isEqualTo(offeredB);
    }

    /** What a device keeps in reserve for streams that change to another version is for those alone. */
    @ParameterizedTest
    @CsvSource({"another version, 1", "another plugin, 0"})
    void another_version_takes_over_where_another_plugin_opens(String which, int takenOver) throws Exception {
        open();
        takeUntil('a', 5);
        String name = which.equals("another version") ? offeredA.name() : "another.plugin";
        encoders.add(Fakes.offered(b, 2, 10, "h264", name, "9.0.0"));
        takeUntilFirst('b');
        assertThat(b.opened).hasValue(1);
        assertThat(b.takenOver).hasValue(takenOver);
        assertThat(a.takenOver).as("the stream's first").hasValue(0);
    }

    @Test
    void an_encoder_that_failed_takes_its_own_stream_over() throws Exception {
        a.throwAt = 8;
        open();
        takeUntil('a', 12);
        assertThat(a.opened.get()).isGreaterThan(1);
        assertThat(a.takenOver).hasValue(a.opened.get() - 1);
    }

    @Test
    void the_encoder_in_use_and_whichever_follows_run_at_the_rate_that_the_path_carries() throws Exception {
        open();
        takeUntil('a', 5);
        assertThat(a.rate).isEqualTo(Fakes.PLAN.bitrate());
        wire.feedback.targetBitrate(new Bitrate(300_000));
        await(() -> a.rate.equals(new Bitrate(300_000)));
        encoders.add(offeredB);
        takeUntilFirst('b');
        assertThat(b.rate).isEqualTo(new Bitrate(300_000));
        wire.feedback.targetBitrate(Fakes.PLAN.bitrate());
        await(() -> b.rate.equals(Fakes.PLAN.bitrate()));
    }

    @Test
    void the_encoder_in_use_hears_which_units_the_client_lost_and_the_next_one_nothing_of_before() throws Exception {
        open();
        takeUntil('a', 5);
        wire.feedback.lost(3, 4);
        assertThat(a.lost.poll(20, TimeUnit.SECONDS)).isEqualTo("3-4");
        wire.pause = Duration.ofMillis(1);
        int asked = wire.pauses.get();
        await(() -> wire.pauses.get() >= asked + 2); // what was being encoded is done by then
        wire.feedback.lost(9, 9);
        wire.feedback.lost(6, 7);
        wire.pause = Duration.ZERO;
        assertThat(a.lost.poll(20, TimeUnit.SECONDS))
                .as("told once, before its next picture")
                .isEqualTo("6-9");
        encoders.add(offeredB);
        takeUntilFirst('b');
        takeUntil('b', 5);
        assertThat(b.lost).as("it begins with a key frame").isEmpty();
        assertThat(a.lost).isEmpty();
    }

    @Test
    void while_the_path_is_full_no_picture_is_encoded_and_then_the_newest_is() throws Exception {
        open();
        takeUntil('a', 5);
        wire.pause = Duration.ofMillis(1);
        int grabbed = card.sequence.get();
        int asked = wire.pauses.get();
        await(() -> wire.pauses.get() >= asked + 2); // what was being encoded is done by then
        int sent = a.encoded.get();
        encoders.add(offeredB); // still looked after: the other encoder is opened meanwhile
        await(() -> b.opened.get() == 1);
        assertThat(a.encoded).hasValue(sent);
        assertThat(b.encoded).hasValue(0);
        wire.pause = Duration.ZERO;
        assertThat(takeUntilFirst('b').sequence()).isGreaterThan(grabbed);
        assertThat(session.video().dropped).hasValue(0);
    }

    @Test
    void a_newer_version_of_the_same_bundle_takes_over_beside_the_old() throws Exception {
        open();
        takeUntil('a', 5);
        encoders.add(Fakes.offered(b, 2, 0, "h264", "enc", "1.0.10"));
        assertThat(takeUntilFirst('b').keyFrame()).isTrue();
        encoders.remove(1);
        takeUntil('b', 5);
        assertThat(session.video().swaps).hasValue(1);
    }

    @Test
    void an_encoder_that_fails_mid_stream_is_set_aside_and_the_next_gets_the_same_frame() throws Exception {
        encoders.add(offeredB);
        b.throwAt = 15;
        open();
        takeUntil('b', 10);
        assertThat(takeUntilFirst('a').keyFrame()).isTrue();
        takeUntil('a', 10);
        assertThat(failed.poll(20, TimeUnit.SECONDS)).startsWith("other").contains("broken on purpose");
        assertThat(session.video().dropped).hasValue(0);
        assertThat(encoders.best("h264")).contains(offeredA);
    }

    @Test
    void a_new_encoder_that_fails_with_its_first_frame_never_shows_and_the_old_one_goes_on() throws Exception {
        open();
        takeUntil('a', 10);
        b.throwAt = 1;
        encoders.add(offeredB);
        assertThat(failed.poll(20, TimeUnit.SECONDS)).startsWith("other");
        takeUntil('a', 20);
        assertThat(session.video().dropped).hasValue(0);
        assertThat(a.opened).hasValue(1);
        await(() -> b.closed.get() == 1);
    }

    @Test
    void an_encoder_whose_first_unit_nobody_could_decode_or_that_makes_none_does_not_take_over() throws Exception {
        open();
        takeUntil('a', 5);
        b.ignoresKeyFrames = true;
        encoders.add(offeredB);
        assertThat(failed.poll(20, TimeUnit.SECONDS)).contains("no usable access unit");
        Letter c = new Letter('c');
        c.makesNothing = true;
        encoders.add(Fakes.offered(c, 3, 20, "h264", "third", "1.0.0"));
        assertThat(failed.poll(20, TimeUnit.SECONDS)).startsWith("third").contains("no usable access unit");
        takeUntil('a', 10);
        assertThat(session.video().dropped).hasValue(0);
    }

    @Test
    void an_encoder_that_hangs_is_abandoned_and_what_it_makes_later_is_thrown_away() throws Exception {
        encoders.add(offeredB);
        b.hangAt = 10;
        open();
        takeUntil('b', 9);
        await(() -> b.encoded.get() == 10);
        session.watch(Clock.system().nanos() + TimeUnit.SECONDS.toNanos(1));
        assertThat(failed).as("within its time").isEmpty();
        session.watch(Clock.system().nanos() + TimeUnit.SECONDS.toNanos(3));
        assertThat(failed.poll(20, TimeUnit.SECONDS)).contains("did not return");
        Sent first = Objects.requireNonNull(wire.units.poll(20, TimeUnit.SECONDS));
        assertThat(first.letter()).isEqualTo('a');
        assertThat(first.keyFrame()).isTrue();
        b.wake.countDown();
        for (int i = 0; i < 50; i++) {
            assertThat(Objects.requireNonNull(wire.units.poll(20, TimeUnit.SECONDS))
                            .letter())
                    .isEqualTo('a');
        }
        assertThat(session.video().hangs).hasValue(1);
        assertThat(ended).isEmpty();
    }

    @Test
    void an_encoder_that_hangs_while_it_opens_beside_the_stream_does_not_touch_the_stream() throws Exception {
        open();
        takeUntil('a', 5);
        b.openHangs = true;
        encoders.add(offeredB);
        assertThat(failed.poll(20, TimeUnit.SECONDS)).startsWith("other").contains("did not open");
        takeUntil('a', 50);
        b.wake.countDown();
        await(() -> b.closed.get() == 1);
        takeUntil('a', 10);
        assertThat(session.video().dropped).hasValue(0);
    }

    @Test
    void an_encoder_whose_service_goes_is_let_go_of_before_its_bundle_stops() throws Exception {
        open();
        takeUntil('a', 5);
        encoders.add(Fakes.offered(b, 2, -5, "h264", "other", "1.0.0"));
        encoders.remove(1);
        await(() -> !session.uses(1));
        takeUntilFirst('b');
        takeUntil('b', 10);
        await(() -> a.closed.get() == 1);
        assertThat(session.video().dropped).hasValue(0);
    }

    @Test
    void without_any_encoder_frames_are_dropped_and_counted_until_there_is_one() throws Exception {
        open();
        takeUntil('a', 5);
        encoders.remove(1);
        await(() -> session.video().dropped.get() > 3);
        encoders.add(offeredB);
        Sent first = null;
        while (first == null || first.letter() != 'b') {
            first = Objects.requireNonNull(wire.units.poll(20, TimeUnit.SECONDS));
        }
        assertThat(first.keyFrame()).isTrue();
        assertThat(ended).isEmpty();
    }

    @Test
    void the_only_encoder_has_longer_to_open_when_it_is_tried_again() throws Exception {
        a.openHangs = true;
        open();
        await(() -> a.opened.get() == 1);
        session.watch(Clock.system().nanos() + TimeUnit.SECONDS.toNanos(3));
        assertThat(failed.poll(20, TimeUnit.SECONDS)).contains("did not return");
        await(() -> a.opened.get() == 2);
        session.watch(Clock.system().nanos() + TimeUnit.SECONDS.toNanos(3));
        assertThat(failed).as("there is nothing else").isEmpty();
        a.wake.countDown();
        assertThat(Objects.requireNonNull(wire.units.poll(20, TimeUnit.SECONDS)).keyFrame())
                .isTrue();
        assertThat(a.opened).hasValue(2);
    }

    @Test
    void the_only_encoder_is_tried_again_after_it_failed() throws Exception {
        a.throwAt = 10;
        open();
        takeUntil('a', 30);
        assertThat(a.opened).hasValue(2);
        assertThat(session.video().dropped).hasValue(0);
    }

    @Test
    void an_encoder_that_is_full_is_passed_over_and_not_reported_as_broken() throws Exception {
        b.openFailure = new StreamException(EncodeError.DEVICE_FULL, "in use");
        encoders.add(offeredB);
        open();
        takeUntil('a', 10);
        assertThat(failed).isEmpty();
        assertThat(encoders.best("h264")).contains(offeredB);
    }

    @Test
    void a_screen_that_changes_its_size_goes_on_with_a_new_session_and_tells_the_client() throws Exception {
        open();
        wire.clientSays(new StreamMessage.Ping(7));
        takeUntil('a', 5);
        card.size = new Size(80, 48);
        await(() ->
                wire.messages.stream().anyMatch(m -> m instanceof StreamMessage.StreamInfo info && info.width() == 80));
        await(() -> a.opened.get() == 2);
        assertThat(failed).isEmpty();
        assertThat(session.video().dropped).hasValue(0);
    }

    @Test
    void a_source_that_is_lost_is_opened_again() throws Exception {
        open();
        takeUntil('a', 5);
        card.lost = true;
        await(() -> session.video().captureFailures.get() >= 1);
        card.lost = false;
        int before = wire.units.size();
        await(() -> wire.units.size() > before + 10);
        assertThat(ended).isEmpty();
    }

    @Test
    void a_source_may_be_away_for_long_and_the_client_is_told_why_until_it_is_back() throws Exception {
        open();
        wire.clientSays(new StreamMessage.Ping(7));
        takeUntil('a', 5);
        card.absent = true;
        card.lost = true;
        await(() -> trouble("SOURCE_LOST"));
        await(() -> trouble("SOURCE_UNAVAILABLE"));
        assertThat(lastTrouble().sentence()).contains("no X server answers at :0");
        int openedBefore = card.opened.get();
        await(() -> card.opened.get() > openedBefore + 25);
        assertThat(ended).isEmpty();
        card.lost = false;
        card.absent = false;
        int before = wire.units.size();
        await(() -> wire.units.size() > before + 10);
        await(() -> trouble(""));
        assertThat(ended).isEmpty();
    }

    @Test
    void input_has_nowhere_to_go_while_no_source_delivers() throws Exception {
        open();
        takeUntil('a', 5);
        wire.clientSays(new StreamMessage.Input(new InputEvent.Key(4, true)));
        assertThat(keyboard.events.poll(20, TimeUnit.SECONDS)).isNotNull();
        card.absent = true;
        card.lost = true;
        await(() -> keyboard.closed.get() == 1);
        wire.clientSays(new StreamMessage.Input(new InputEvent.Key(5, true)));
        await(() -> session.input().failures.get() == 1);
        assertThat(keyboard.events).isEmpty();
    }

    @Test
    void a_client_that_comes_when_something_is_wrong_is_told_at_once() throws Exception {
        card.absent = true;
        open();
        await(() -> card.opened.get() > 2);
        wire.clientSays(new StreamMessage.Ping(7));
        await(() -> trouble("SOURCE_UNAVAILABLE"));
    }

    @Test
    void a_refusal_does_not_outlive_its_cause_even_of_a_screen_at_rest() throws Exception {
        card.still = true;
        a.openFailure = new StreamException(EncodeError.DEVICE_FULL, "all in use");
        open();
        wire.clientSays(new StreamMessage.Ping(7));
        await(() -> trouble("DEVICE_FULL"));
        assertThat(lastTrouble().sentence()).contains("all in use");
        assertThat(wire.units).isEmpty();
        a.openFailure = null;
        Sent first = Objects.requireNonNull(wire.units.poll(20, TimeUnit.SECONDS), "nothing was tried again");
        assertThat(first.keyFrame()).isTrue();
        await(() -> trouble(""));
        assertThat(failed).isEmpty();
    }

    @Test
    void a_size_that_is_refused_is_told_and_the_size_before_streams_again() throws Exception {
        a.widest = 100;
        open();
        wire.clientSays(new StreamMessage.Ping(7));
        takeUntil('a', 5);
        card.size = new Size(200, 48);
        await(() -> trouble("SPEC_REFUSED"));
        assertThat(lastTrouble().sentence()).contains("at most 100 wide: 200x48");
        card.still = true;
        card.size = new Size(64, 32);
        wire.units.clear();
        wire.feedback.keyFrameWanted();
        assertThat(Objects.requireNonNull(wire.units.poll(20, TimeUnit.SECONDS)).keyFrame())
                .isTrue();
        await(() -> trouble(""));
        assertThat(failed).isEmpty();
    }

    @Test
    void a_better_encoder_that_was_full_takes_over_when_it_is_free() throws Exception {
        b.openFailure = new StreamException(EncodeError.DEVICE_FULL, "in use");
        encoders.add(offeredB);
        open();
        takeUntil('a', 10);
        b.openFailure = null;
        assertThat(takeUntilFirst('b').keyFrame()).isTrue();
        assertThat(failed).isEmpty();
    }

    @Test
    void a_client_that_decodes_something_else_gets_it_and_is_told() throws Exception {
        encoders.add(Fakes.offered(b, 2, 10, "av1", "other", "1.0.0"));
        open();
        wire.clientSays(new StreamMessage.Hello(List.of(new DecoderCapability(Codec.AV1, new Size(3840, 2160), true))));
        Sent first = null;
        while (first == null || first.letter() != 'b') {
            first = Objects.requireNonNull(wire.units.poll(20, TimeUnit.SECONDS), "no unit of the other codec");
        }
        assertThat(first.keyFrame()).isTrue();
        await(() -> wire.messages.stream()
                .anyMatch(m -> m instanceof StreamMessage.StreamInfo info
                        && info.codec().equals("av1")));
        assertThat(failed).isEmpty();
    }

    @Test
    void a_screen_larger_than_the_client_decodes_is_said_and_ends_with_its_cause() throws Exception {
        open();
        wire.clientSays(new StreamMessage.Hello(List.of(new DecoderCapability(Codec.H264, new Size(100, 100), false))));
        takeUntil('a', 5);
        card.size = new Size(200, 48);
        await(() -> trouble("NO_COMMON_CODEC"));
        assertThat(lastTrouble().sentence()).contains("200x48").contains("h264 up to 100x100");
        card.size = new Size(64, 32);
        await(() -> trouble(""));
    }

    @Test
    void a_source_that_is_chosen_by_name_only_is_no_choice_of_auto() {
        ServiceCandidate<CaptureSource> real = Fakes.offered(card, 12, 0, "x11", "x11", "1.0.0");
        captures.add(real.alsoAs(CaptureStage.AUTO));
        assertThat(captures.choices(CaptureStage.AUTO)).hasSize(1);
        assertThat(CaptureStage.nameOf(captures.best(CaptureStage.AUTO).orElseThrow()))
                .isEqualTo("x11");
        assertThat(captures.best("card")).isPresent();
        session = ComposedSession.open(ComposedSession.spec(tunnels), parts(), ComposedSession.telling(ended::add));
    }

    private boolean trouble(String code) {
        return lastTrouble().code().equals(code);
    }

    private StreamMessage.Trouble lastTrouble() {
        return wire.messages.stream()
                .filter(StreamMessage.Trouble.class::isInstance)
                .map(StreamMessage.Trouble.class::cast)
                .reduce((first, second) -> second)
                .orElse(new StreamMessage.Trouble("none told", ""));
    }

    @Test
    void a_key_frame_wanted_by_the_receiver_comes_even_of_a_screen_at_rest() throws Exception {
        card.still = true;
        open();
        await(() -> wire.units.size() >= 1);
        assertThat(Objects.requireNonNull(wire.units.poll()).keyFrame()).isTrue();
        TimeUnit.MILLISECONDS.sleep(50);
        wire.units.clear();
        wire.feedback.keyFrameWanted();
        assertThat(Objects.requireNonNull(wire.units.poll(20, TimeUnit.SECONDS)).keyFrame())
                .isTrue();
    }

    @Test
    void nothing_is_sent_before_the_tunnel_is_up() throws Exception {
        session = ComposedSession.open(ComposedSession.spec(tunnels), parts(), ComposedSession.telling(ended::add));
        await(() -> a.opened.get() == 1);
        assertThat(wire.units.poll(100, TimeUnit.MILLISECONDS)).isNull();
        tunnels.listener.up();
        assertThat(wire.units.poll(20, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void what_a_client_holds_down_goes_up_when_it_falls_silent() throws Exception {
        open();
        takeUntil('a', 2);
        wire.clientSays(new StreamMessage.Input(new InputEvent.Key(4, true)));
        wire.clientSays(new StreamMessage.Input(new InputEvent.Button(1, true)));
        assertThat(keyboard.events.poll(20, TimeUnit.SECONDS)).isEqualTo(new InputEvent.Key(4, true));
        assertThat(keyboard.events.poll(20, TimeUnit.SECONDS)).isEqualTo(new InputEvent.Button(1, true));
        assertThat(keyboard.events.poll(20, TimeUnit.SECONDS)).isEqualTo(new InputEvent.ReleaseAll());
        wire.clientSays(new StreamMessage.Input(new InputEvent.Key(5, true)));
        assertThat(keyboard.events.poll(20, TimeUnit.SECONDS)).isEqualTo(new InputEvent.Key(5, true));
        assertThat(keyboard.events.poll(20, TimeUnit.SECONDS)).isEqualTo(new InputEvent.ReleaseAll());
    }

    @Test
    void what_the_client_says_becomes_input_answers_and_requests() throws Exception {
        open();
        takeUntil('a', 1);
        wire.clientSays(new StreamMessage.Ping(42));
        wire.clientSays(new StreamMessage.Input(new InputEvent.Key(4, true)));
        wire.clientSays(new StreamMessage.Input(new InputEvent.PointerTo(1, 2)));
        assertThat(keyboard.events.poll(20, TimeUnit.SECONDS)).isEqualTo(new InputEvent.Key(4, true));
        assertThat(keyboard.events.poll(20, TimeUnit.SECONDS)).isEqualTo(new InputEvent.PointerTo(1, 2));
        await(() -> wire.messages.stream().anyMatch(m -> m instanceof StreamMessage.Pong pong && pong.nanos() == 42));
        await(() -> wire.messages.stream()
                .anyMatch(m -> m instanceof StreamMessage.StreamInfo info
                        && info.encoder().equals("enc")
                        && info.encoderVersion().equals("1.0.0")
                        && info.capture().equals("card")));
        await(() -> wire.messages.stream().anyMatch(m -> m instanceof StreamMessage.Stats stats && stats.sent() > 0));
        wire.control.message(ByteBuffer.wrap(new byte[] {2, 77}));
        assertThat(session.reported("control")).containsEntry("bad_messages", 1L);
        assertThat(session.input().injected).hasValue(2);
    }

    @Test
    void a_client_that_says_bye_ends_the_session_and_everything_is_closed() throws Exception {
        open();
        takeUntil('a', 1);
        wire.clientSays(new StreamMessage.Input(new InputEvent.Key(4, true)));
        wire.clientSays(new StreamMessage.Bye("done"));
        String reason = ended.poll(20, TimeUnit.SECONDS);
        assertThat(reason).isEqualTo("the client left: done");
        assertThat(tunnels.closed).hasValue(1);
        assertThat(wire.closed).hasValue(2);
        assertThat(keyboard.closed).hasValue(1);
        await(() -> a.closed.get() == 1);
        ended.add(reason);
    }

    @Test
    void a_client_that_never_comes_or_falls_silent_ends_the_session_in_bounded_time() throws Exception {
        session = ComposedSession.open(ComposedSession.spec(tunnels), parts(), ComposedSession.telling(ended::add));
        session.watch(Clock.system().nanos() + TimeUnit.SECONDS.toNanos(29));
        assertThat(ended).isEmpty();
        session.watch(Clock.system().nanos() + TimeUnit.SECONDS.toNanos(31));
        String reason = ended.poll(20, TimeUnit.SECONDS);
        assertThat(reason).isEqualTo("the client never came");
        ended.add(reason);
    }

    private void open() {
        session = ComposedSession.open(ComposedSession.spec(tunnels), parts(), ComposedSession.telling(ended::add));
        tunnels.listener.up();
    }

    private ComposedSession.Parts parts() {
        return ComposedSession.parts(tunnels, wire, captures, encoders, inputs, Fakes.PLAN, (service, reason) -> {
            encoders.setAside(service, reason);
            failed.add(service.name() + ": " + reason);
        });
    }

    /** The next unit; its sequence must follow the one before. */
    private Sent take() throws InterruptedException {
        Sent sent = Objects.requireNonNull(wire.units.poll(20, TimeUnit.SECONDS), "no unit in 20 s");
        assertThat(sent.sequence()).as("no frame lost").isEqualTo(++lastSequence);
        return sent;
    }

    private void takeUntil(char letter, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            assertThat(take().letter()).isEqualTo(letter);
        }
    }

    private Sent takeUntilFirst(char letter) throws InterruptedException {
        Sent sent = take();
        while (sent.letter() != letter) {
            sent = take();
        }
        return sent;
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        boolean seen = condition.getAsBoolean();
        for (int i = 0; i < 4_000 && !seen; i++) {
            TimeUnit.MILLISECONDS.sleep(5);
            seen = condition.getAsBoolean();
        }
        assertThat(seen).isTrue();
    }
}
