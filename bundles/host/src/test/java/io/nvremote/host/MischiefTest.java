// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.capture.CaptureSource;
import io.nvremote.core.Clock;
import io.nvremote.core.SessionId;
import io.nvremote.encode.Encoder;
import io.nvremote.host.Fakes.Letter;
import io.nvremote.host.Mischief.BadCapture;
import io.nvremote.host.Mischief.BadEncoder;
import io.nvremote.host.Mischief.BadInput;
import io.nvremote.host.Mischief.IllInput;
import io.nvremote.input.InputEvent;
import io.nvremote.input.InputSink;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.media.Size;
import io.nvremote.stream.StreamMessage;
import io.nvremote.updates.PluginUse;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a plugin does wrong costs the plugin, never the session: a table of ways, each in a real session. */
class MischiefTest {

    private final Fakes.Wire wire = new Fakes.Wire();
    private final Fakes.Tunnels tunnels = new Fakes.Tunnels();
    private final Fakes.Card card = new Fakes.Card();
    private final Fakes.Keyboard keyboard = new Fakes.Keyboard();
    private final Letter a = new Letter('a');
    private final RankedServices<CaptureSource> captures = new RankedServices<>();
    private final RankedServices<Encoder> encoders = new RankedServices<>();
    private final RankedServices<InputSink> inputs = new RankedServices<>();
    private volatile boolean debugged;
    private final BlockingQueue<String> failed = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
    private final Set<String> inUse = ConcurrentHashMap.newKeySet();
    private final AtomicInteger uses = new AtomicInteger();
    private StreamPlan plan = Fakes.PLAN;
    private ComposedSession session;

    @BeforeEach
    void begin() {
        captures.add(Fakes.offered(card, 10, 0, "card", "good capture", "1.0.0"));
        encoders.add(Fakes.offered(a, 1, 0, "h264", "good encoder", "1.0.0"));
        inputs.add(Fakes.offered(keyboard, 20, 0, "card", "good input", "1.0.0"));
    }

    @AfterEach
    void end() throws Exception {
        assertThat(ended).as("the session goes on").isEmpty();
        session.end("test over");
        assertThat(ended.poll(20, TimeUnit.SECONDS)).isEqualTo("test over");
        assertThat(wire.overlapped).isFalse();
    }

    private void open() {
        session = ComposedSession.open(
                ComposedSession.spec(tunnels),
                ComposedSession.parts(tunnels, wire, captures, encoders, inputs, plan, new Watch()),
                new Listener());
        tunnels.listener.up();
    }

    private final class Watch implements ServiceWatch {
        @Override
        public boolean isInDevelopment(ServiceCandidate<?> service) {
            return debugged && service.name().startsWith("bad");
        }

        @Override
        public void failed(ServiceCandidate<?> service, String reason) {
            captures.setAside(service, reason);
            encoders.setAside(service, reason);
            inputs.setAside(service, reason);
            failed.add(service.name() + ": " + reason);
        }

        @Override
        public PluginUse inUse(ServiceCandidate<?> service) {
            String use = service.name() + uses.incrementAndGet();
            inUse.add(use);
            return () -> inUse.remove(use);
        }
    }

    private final class Listener implements StreamSession.SessionListener {
        @Override
        public void candidates(SessionId id, List<InetSocketAddress> candidates) {}

        @Override
        public void ended(SessionId id, String reason) {
            ended.add(reason);
        }
    }

    private Fakes.Sent next() throws InterruptedException {
        return Objects.requireNonNull(wire.units.poll(30, TimeUnit.SECONDS), "no unit in 30 s");
    }

    private void awaitLetter(char letter, int count) throws InterruptedException {
        for (int seen = 0; seen < count; ) {
            seen = next().letter() == letter ? seen + 1 : 0;
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        boolean seen = condition.getAsBoolean();
        for (int i = 0; i < 6_000 && !seen; i++) {
            TimeUnit.MILLISECONDS.sleep(5);
            seen = condition.getAsBoolean();
        }
        assertThat(seen).isTrue();
    }

    /** The watchdog's look, as if so much later. */
    private void watch(Duration later) {
        session.watch(Clock.system().nanos() + later.toNanos());
    }

    // ---- encoders ----

    static Stream<String> costly() {
        return Stream.concat(Mischief.THROWN.stream(), BadEncoder.WAYS.stream());
    }

    @ParameterizedTest
    @MethodSource("costly")
    void an_encoder_that_does_wrong_in_mid_stream_is_replaced_without_a_lost_or_doubled_frame(String way)
            throws Exception {
        encoders.add(Fakes.offered(new BadEncoder(way), 2, 10, "h264", "bad", "1.0.0"));
        open();
        long last = 0;
        for (int seen = 0; seen < 20; ) {
            Fakes.Sent sent = next();
            if (last > 0) {
                assertThat(sent.sequence()).as("every frame once").isEqualTo(last + 1);
            }
            last = sent.sequence();
            seen = sent.letter() == 'a' ? seen + 1 : 0;
            assertThat(seen != 1 || sent.keyFrame())
                    .as("the cut is a key frame")
                    .isTrue();
        }
        assertThat(failed.poll(20, TimeUnit.SECONDS)).startsWith("bad");
        assertThat(failed).isEmpty();
        assertThat(session.video().dropped).hasValue(0);
        await(() -> inUse.stream().noneMatch(name -> name.startsWith("bad")));
    }

    @ParameterizedTest
    @MethodSource("costly")
    void an_encoder_that_does_wrong_with_its_first_picture_never_shows(String way) throws Exception {
        open();
        awaitLetter('a', 5);
        BadEncoder bad = new BadEncoder(way);
        bad.calls.set(Mischief.GOOD);
        encoders.add(Fakes.offered(bad, 2, 10, "h264", "bad", "1.0.0"));
        if (way.equals("makes nothing but key frames")) {
            awaitLetter('b', 1); // Its first is what was asked for.
        }
        assertThat(failed.poll(20, TimeUnit.SECONDS)).startsWith("bad");
        awaitLetter('a', 20);
        assertThat(session.video().dropped).hasValue(0);
    }

    static Stream<String> opening() {
        return Mischief.THROWN.stream();
    }

    @ParameterizedTest
    @MethodSource("opening")
    void an_encoder_that_throws_when_it_is_opened_or_got_is_passed_over(String way) throws Exception {
        encoders.add(Fakes.offered(new BadEncoder("open " + way), 2, 10, "h264", "bad", "1.0.0"));
        encoders.add(new ServiceCandidate<>(
                () -> {
                    Mischief.thrown(way);
                    return null;
                },
                3,
                20,
                Set.of("h264"),
                103,
                "worse",
                "1.0.0"));
        open();
        awaitLetter('a', 10);
        assertThat(failed.poll(20, TimeUnit.SECONDS)).startsWith("worse");
        assertThat(failed.poll(20, TimeUnit.SECONDS)).startsWith("bad");
        await(() -> inUse.stream().noneMatch(name -> name.matches("(bad|worse).*")));
    }

    static Stream<String> harmless() {
        return BadEncoder.HARMLESS.stream();
    }

    @ParameterizedTest
    @MethodSource("harmless")
    void an_encoder_that_is_only_rude_goes_on(String way) throws Exception {
        encoders.add(Fakes.offered(new BadEncoder(way), 2, 10, "h264", "bad", "1.0.0"));
        open();
        awaitLetter('b', 60);
        assertThat(failed).isEmpty();
        encoders.remove(2);
        awaitLetter('a', 20);
        assertThat(session.video().dropped).hasValue(0);
    }

    @Test
    void an_encoder_whose_rate_falls_to_nothing_is_replaced() throws Exception {
        plan = new StreamPlan(
                plan.capture(),
                plan.display(),
                plan.size(),
                plan.rate(),
                plan.codec(),
                plan.bitrate(),
                Duration.ofSeconds(1),
                plan.warmUp(),
                plan.silence());
        encoders.add(Fakes.offered(new BadEncoder("is slow"), 2, 10, "h264", "bad", "1.0.0"));
        open();
        awaitLetter('a', 20);
        assertThat(failed.poll(20, TimeUnit.SECONDS)).startsWith("bad").contains("took longer");
    }

    @Test
    void an_encoder_that_is_taken_away_while_it_fails_is_not_blamed() throws Exception {
        BadEncoder bad = new BadEncoder("throws a runtime exception");
        ServiceCandidate<Encoder> offered = Fakes.offered(bad, 2, 10, "h264", "bad", "1.0.0");
        encoders.add(offered);
        open();
        awaitLetter('b', 3);
        bad.calls.set(-1_000_000);
        encoders.remove(2);
        awaitLetter('a', 10);
        assertThat(failed).isEmpty();
        assertThat(session.uses(2)).isFalse();
    }

    /** Right to look at, rubbish within: only the client can tell. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_encoder_whose_pictures_the_client_can_not_decode_is_replaced_and_blamed(boolean fromTheBeginning)
            throws Exception {
        if (!fromTheBeginning) {
            open();
            awaitLetter('a', 5);
            wire.clientSays(new StreamMessage.Decoded(1, 0));
            wire.clientSays(new StreamMessage.Decoded(5, 0));
        }
        encoders.add(Fakes.offered(new BadEncoder(""), 2, 10, "h264", "bad", "1.0.0"));
        if (fromTheBeginning) {
            open();
        }
        awaitLetter('b', 5);
        for (int i = 1; i <= DecodeWatch.REPORTS + 1; i++) {
            wire.clientSays(new StreamMessage.Decoded(5, i));
        }
        awaitLetter('a', 5);
        wire.clientSays(new StreamMessage.Decoded(6, 4));
        wire.clientSays(new StreamMessage.Decoded(9, 4));
        assertThat(failed.poll(20, TimeUnit.SECONDS)).startsWith("bad").contains("decode");
        assertThat(session.video().dropped).hasValue(0);
    }

    // ---- picture sources ----

    private Fakes.Card other() {
        Fakes.Card other = new Fakes.Card();
        other.size = new Size(48, 32);
        return other;
    }

    /** The good source's pictures come: of its size, and more of them. */
    private void awaitGoodCapture() throws InterruptedException {
        await(() -> session.shows(new Size(64, 32)));
        int before = card.sequence.get();
        await(() -> card.sequence.get() > before + 10);
        wire.units.clear();
        awaitLetter('a', 5);
    }

    static Stream<String> captureWays() {
        return Stream.concat(
                Mischief.THROWN.stream().filter(way -> !way.contains("contract")),
                BadCapture.WAYS.stream().filter(way -> !way.equals("closes itself")));
    }

    @ParameterizedTest
    @MethodSource("captureWays")
    void a_picture_source_that_does_wrong_is_set_aside_and_the_next_one_taken(String way) throws Exception {
        captures.add(Fakes.offered(new BadCapture(other(), way), 11, 10, "card", "bad", "1.0.0"));
        open();
        awaitGoodCapture();
        assertThat(failed.poll(20, TimeUnit.SECONDS)).startsWith("bad");
        assertThat(failed).isEmpty();
        assertThat(session.encoder()).isNotNull();
        await(() -> inUse.stream().noneMatch(name -> name.startsWith("bad")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"throws an exception of the contract", "closes itself"})
    void a_picture_source_that_is_lost_is_not_blamed_and_the_stream_goes_on(String way) throws Exception {
        captures.add(Fakes.offered(new BadCapture(other(), way), 11, 10, "card", "lost", "1.0.0"));
        open();
        awaitLetter('a', 10);
        await(() -> card.sequence.get() > 10 || session.video().captureFailures.get() > 0);
        assertThat(failed).isEmpty();
        captures.remove(11);
        awaitGoodCapture();
    }

    @ParameterizedTest
    @MethodSource("opening")
    void a_picture_source_that_throws_when_it_is_opened_is_passed_over(String way) throws Exception {
        captures.add(Fakes.offered(new BadCapture(other(), "open " + way), 11, 10, "card", "bad", "1.0.0"));
        open();
        awaitGoodCapture();
        await(() -> inUse.stream().noneMatch(name -> name.startsWith("bad")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"refresh throws", "cursor throws", "leaves the interrupt flag set"})
    void a_picture_source_that_is_only_rude_goes_on(String way) throws Exception {
        captures.add(Fakes.offered(new BadCapture(card, way), 11, 10, "card", "bad", "1.0.0"));
        open();
        wire.clientSays(new StreamMessage.Ping(1));
        awaitLetter('a', 40);
        wire.feedback.keyFrameWanted();
        while (!next().keyFrame()) {
            assertThat(failed).isEmpty();
        }
    }

    @Test
    void a_picture_source_that_hangs_is_given_up_and_the_next_one_taken() throws Exception {
        BadCapture bad = new BadCapture(other(), "hangs");
        captures.add(Fakes.offered(bad, 11, 10, "card", "bad", "1.0.0"));
        open();
        await(() -> bad.calls.get() > Mischief.GOOD);
        watch(Duration.ofSeconds(1));
        assertThat(failed).as("within its time").isEmpty();
        watch(Duration.ofSeconds(4));
        assertThat(failed.poll(20, TimeUnit.SECONDS)).startsWith("bad").contains("did not return");
        awaitGoodCapture();
        bad.wake.countDown();
        awaitLetter('a', 10);
        assertThat(session.video().encoderFailures)
                .as("the encoder is not blamed")
                .hasValue(0);
    }

    @Test
    void plugins_at_a_breakpoint_are_waited_for_and_go_on() throws Exception {
        debugged = true;
        BadCapture bad = new BadCapture(other(), "hangs");
        captures.add(Fakes.offered(bad, 11, 10, "card", "bad", "1.0.0"));
        BadInput keys = new BadInput("hangs");
        inputs.add(Fakes.offered(keys, 21, 10, "card", "bad", "1.0.0"));
        open();
        await(() -> bad.calls.get() > Mischief.GOOD);
        type(Mischief.GOOD + 1);
        await(() -> keys.calls.get() > Mischief.GOOD);
        watch(Duration.ofSeconds(4));
        assertThat(failed).isEmpty();
        int pictures = bad.calls.get();
        bad.wake.countDown();
        keys.wake.countDown();
        await(() -> bad.calls.get() > pictures && keys.good.events.size() > Mischief.GOOD);
        assertThat(failed).isEmpty();
    }

    @Test
    void a_better_picture_source_reaches_the_running_stream() throws Exception {
        open();
        awaitLetter('a', 5);
        Fakes.Card newer = other();
        captures.add(Fakes.offered(newer, 11, 0, "card", "good capture", "1.0.1"));
        await(() -> session.shows(newer.size) && newer.sequence.get() > 10);
        assertThat(session.uses(11)).isTrue();
        assertThat(session.uses(10)).isFalse();
        assertThat(session.video().captureFailures).hasValue(0);
    }

    @Test
    void a_picture_source_whose_service_goes_gives_no_further_picture() throws Exception {
        Fakes.Card gone = other();
        captures.add(Fakes.offered(gone, 11, 10, "card", "gone", "1.0.0"));
        open();
        awaitLetter('a', 10);
        captures.remove(11);
        await(() -> !session.uses(11));
        int last = gone.sequence.get();
        awaitGoodCapture();
        assertThat(gone.sequence).hasValue(last);
        assertThat(gone.opened).hasValue(1);
        assertThat(session.video().captureFailures).hasValue(0);
        assertThat(failed).isEmpty();
    }

    // ---- input ----

    private void type(int count) {
        for (int i = 0; i < count; i++) {
            wire.clientSays(new StreamMessage.Input(new InputEvent.PointerBy(1, 1)));
        }
    }

    @ParameterizedTest
    @MethodSource("opening")
    void an_input_sink_that_throws_costs_one_event_and_the_next_sink_takes_the_others(String way) throws Exception {
        inputs.add(Fakes.offered(new BadInput(way), 21, 10, "card", "bad", "1.0.0"));
        open();
        awaitLetter('a', 5);
        type(Mischief.GOOD + 1);
        await(() -> session.input().failures.get() == 1);
        if (way.contains("contract")) {
            inputs.remove(21); // That it said so is no fault.
        } else {
            assertThat(failed.poll(20, TimeUnit.SECONDS)).startsWith("bad");
        }
        type(5);
        await(() -> keyboard.events.size() == 5);
        await(() -> inUse.stream().noneMatch(name -> name.startsWith("bad")));
    }

    @Test
    void an_input_sink_that_hangs_holds_up_nothing_but_itself() throws Exception {
        BadInput bad = new BadInput("hangs");
        inputs.add(Fakes.offered(bad, 21, 10, "card", "bad", "1.0.0"));
        open();
        awaitLetter('a', 5);
        type(Mischief.GOOD + 1);
        await(() -> bad.calls.get() == Mischief.GOOD + 1);
        wire.clientSays(new StreamMessage.Ping(7));
        await(() -> wire.messages.stream().anyMatch(m -> m instanceof StreamMessage.Pong pong && pong.nanos() == 7));
        await(() -> {
            watch(Duration.ZERO);
            return !failed.isEmpty();
        });
        assertThat(failed.poll()).startsWith("bad").contains("did not return");
        type(5);
        await(() -> keyboard.events.size() == 5);
        awaitLetter('a', 5);
        bad.wake.countDown();
        await(() -> bad.good.closed.get() == 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hangs",
                "throws",
                "refuses",
                "hangs while it opens",
                "throws while it opens",
                "refuses while it opens"
            })
    void the_only_input_sink_serves_again_when_it_is_well_again(String illness) throws Exception {
        inputs.remove(20);
        IllInput sink = new IllInput(illness);
        inputs.add(Fakes.offered(sink, 21, 0, "card", "ill", "1.0.0"));
        open();
        awaitLetter('a', 5);
        for (int time = 0; time < (illness.endsWith("opens") ? 1 : 2); time++) {
            long failures = session.input().failures.get();
            type(1);
            await(() -> {
                watch(Duration.ZERO);
                return session.input().failures.get() > failures;
            });
            sink.ill = false;
            sink.wake.countDown();
            await(() -> {
                type(1);
                return sink.good.events.size() > 3;
            });
            sink.good.events.clear();
            sink.wake = new CountDownLatch(1);
            sink.ill = true; // Once more, in the middle.
        }
        sink.wake.countDown();
    }

    @Test
    void input_reaches_a_better_sink_at_once_and_never_one_whose_service_is_gone() throws Exception {
        open();
        awaitLetter('a', 5);
        type(3);
        await(() -> keyboard.events.size() == 3);
        Fakes.Keyboard newer = new Fakes.Keyboard();
        inputs.add(Fakes.offered(newer, 21, 0, "card", "good input", "1.0.1"));
        await(() -> keyboard.closed.get() == 1); // what it held is released before the next begins
        type(3);
        await(() -> newer.events.size() == 3);
        inputs.remove(21);
        await(() -> newer.closed.get() == 1 && !session.uses(21));
        type(3);
        await(() -> keyboard.events.size() == 6);
        assertThat(newer.events).hasSize(3);
    }

    @Test
    void a_better_sink_that_hangs_while_it_opens_beside_the_one_in_use_does_not_touch_the_input() throws Exception {
        open();
        awaitLetter('a', 5);
        type(2);
        await(() -> keyboard.events.size() == 2);
        CountDownLatch wake = new CountDownLatch(1);
        Fakes.Keyboard newer = new Fakes.Keyboard();
        InputSink stuck = display -> {
            try {
                wake.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return newer.open(display);
        };
        inputs.add(Fakes.offered(stuck, 21, 10, "card", "stuck", "1.0.0"));
        type(3);
        await(() -> keyboard.events.size() == 5);
        assertThat(failed.poll(20, TimeUnit.SECONDS)).startsWith("stuck").contains("did not open");
        wake.countDown();
        await(() -> newer.closed.get() == 1);
        type(3);
        await(() -> keyboard.events.size() == 8);
        assertThat(keyboard.closed).as("the one in use was never touched").hasValue(0);
        assertThat(newer.events).isEmpty();
    }
}
