// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.capture.CaptureSource;
import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.Encoder;
import io.nvremote.host.Fakes.Letter;
import io.nvremote.host.Fakes.Sent;
import io.nvremote.input.InputSink;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.media.Codec;
import io.nvremote.media.DecoderCapability;
import io.nvremote.media.Size;
import io.nvremote.stream.StreamMessage;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A host whose own codec is AV1: which codec a stream is in, and that it changes while the stream runs. */
class CodecChangeTest {

    private static final DecoderCapability AV1 = new DecoderCapability(Codec.AV1, new Size(3840, 2160), false);
    private static final DecoderCapability H264 = new DecoderCapability(Codec.H264, new Size(3840, 2160), false);

    private final Fakes.Card card = new Fakes.Card();
    private final Fakes.Wire wire = new Fakes.Wire();
    private final Fakes.Tunnels tunnels = new Fakes.Tunnels();
    private final RankedServices<CaptureSource> captures = new RankedServices<>();
    private final RankedServices<Encoder> encoders = new RankedServices<>();
    private final RankedServices<InputSink> inputs = new RankedServices<>();
    private final BlockingQueue<String> failed = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
    private final Letter a = new Letter('a');
    private final Letter x = new Letter('x');
    private final ServiceCandidate<Encoder> offeredA = Fakes.offered(a, 1, 0, "h264", "software", "1.0.0");
    private final ServiceCandidate<Encoder> offeredX = Fakes.offered(x, 2, 10, "av1", "device", "1.0.0");
    private ComposedSession session;
    private long lastSequence;

    @BeforeEach
    void begin() {
        captures.add(Fakes.offered(card, 10, 0, "card", "capture", "1.0.0"));
        inputs.add(Fakes.offered(new Fakes.Keyboard(), 11, 0, "card", "input", "1.0.0"));
    }

    @AfterEach
    void end() throws Exception {
        a.wake.countDown();
        x.wake.countDown();
        session.end("test over");
        assertThat(ended.poll(20, TimeUnit.SECONDS)).isNotNull();
        assertThat(wire.overlapped).as("two threads in one sender").isFalse();
    }

    @Test
    void its_own_codec_is_sent_where_the_client_takes_it_and_nothing_else_before() throws Exception {
        open(List.of(offeredA, offeredX));
        takeUntil('x', 5);
        says(H264, AV1);
        takeUntil('x', 20);
        assertThat(a.opened).hasValue(0);
    }

    @Test
    void a_client_that_tells_anew_what_it_decodes_gets_that_with_no_picture_lost() throws Exception {
        open(List.of(offeredA, offeredX));
        says(AV1);
        takeUntil('x', 5);
        says(H264);
        assertThat(takeUntilFirst('a').keyFrame()).isTrue();
        awaitInfo("h264");
        says(H264, AV1);
        assertThat(takeUntilFirst('x').keyFrame()).isTrue();
        awaitInfo("av1");
        assertThat(card.opened).as("the stream was not begun anew").hasValue(1);
        assertThat(failed).isEmpty();
    }

    @Test
    void a_screen_at_rest_changes_its_codec_too() throws Exception {
        open(List.of(offeredA, offeredX));
        says(AV1);
        takeUntil('x', 5);
        card.still = true;
        says(H264);
        assertThat(takeUntilFirst('a').keyFrame()).isTrue();
    }

    @Test
    void one_encoder_of_both_codecs_changes_and_the_client_is_told() throws Exception {
        open(List.of(Fakes.offered(a, 1, 0, "h264,av1", "software", "1.0.0")));
        says(AV1);
        takeUntil('a', 5);
        awaitInfo("av1");
        says(H264);
        awaitInfo("h264");
        await(() -> Codec.H264.equals(a.codec));
        takeUntil('a', 20);
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                failure("refuses the codec", x -> x.refuses = "av1"),
                failure("refuses the size", x -> x.widest = 10),
                failure("is full", x -> x.openFailure = new StreamException(EncodeError.DEVICE_FULL, "all in use")),
                failure("throws when it is opened", x -> x.openFailure = new IllegalStateException("broken")),
                failure("makes nothing", x -> x.makesNothing = true),
                failure("ignores key frames", x -> x.ignoresKeyFrames = true),
                failure("throws in the middle", x -> x.throwAt = 7),
                failure("hangs in the middle", x -> x.hangAt = 7));
    }

    private static Arguments failure(String name, Consumer<Letter> how) {
        return Arguments.of(name, how);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void a_codec_whose_only_encoder_fails_gives_way_to_h264(String name, Consumer<Letter> how) throws Exception {
        how.accept(x);
        open(List.of(offeredA, offeredX));
        says(H264, AV1);
        Sent[] first = {null};
        await(() -> {
            session.watch(Clock.system().nanos()); // as the role does
            Sent sent = wire.units.poll();
            while (sent != null && sent.letter() != 'a') {
                sent = wire.units.poll();
            }
            first[0] = sent;
            return sent != null;
        });
        assertThat(first[0].keyFrame()).isTrue();
        lastSequence = first[0].sequence();
        takeUntil('a', 20);
        awaitInfo("h264");
        await(() -> lastTrouble().code().isEmpty());
    }

    @Test
    void a_codec_whose_encoder_goes_away_gives_way_and_is_back_with_it() throws Exception {
        open(List.of(offeredA, offeredX));
        says(H264, AV1);
        takeUntil('x', 5);
        encoders.remove(offeredX.serviceId());
        Sent first = next();
        while (first.letter() != 'a') {
            first = next();
        }
        assertThat(first.keyFrame()).isTrue();
        encoders.add(Fakes.offered(x, 3, 10, "av1", "device", "1.0.1"));
        while (first.letter() != 'x') {
            first = next();
        }
        assertThat(first.keyFrame()).isTrue();
        assertThat(card.opened).hasValue(1);
    }

    @Test
    void a_size_that_its_codec_can_not_be_made_of_gives_way_until_it_is_another() throws Exception {
        x.widest = 100;
        open(List.of(offeredA, offeredX));
        says(H264, AV1);
        takeUntil('x', 5);
        card.size = new Size(200, 48);
        awaitInfo("h264");
        card.size = new Size(64, 32);
        awaitInfo("av1");
    }

    @Test
    void a_client_that_decodes_nothing_of_a_codec_gets_another_and_no_encoder_is_blamed() throws Exception {
        open(List.of(offeredA, offeredX));
        says(H264, AV1);
        takeUntil('x', 5);
        for (int i = 1; i <= DecodeWatch.REPORTS + 1; i++) {
            wire.clientSays(new StreamMessage.Decoded(0, i));
        }
        assertThat(takeUntilFirst('a').keyFrame()).isTrue();
        for (int i = 1; i <= 3; i++) {
            wire.clientSays(new StreamMessage.Decoded(i, 10));
        }
        takeUntil('a', 20);
        assertThat(failed).isEmpty();
    }

    private void open(List<ServiceCandidate<Encoder>> offered) {
        offered.forEach(encoders::add);
        ComposedSession.Parts parts = ComposedSession.parts(
                tunnels, wire, captures, encoders, inputs, Fakes.PLAN.with(Codec.AV1), (service, reason) -> {
                    encoders.setAside(service, reason);
                    failed.add(service.name() + ": " + reason);
                });
        session = ComposedSession.open(ComposedSession.spec(tunnels), parts, ComposedSession.telling(ended::add));
        tunnels.listener.up();
    }

    private void says(DecoderCapability... decoders) {
        wire.clientSays(new StreamMessage.Hello(List.of(decoders)));
    }

    private Sent next() throws InterruptedException {
        return Objects.requireNonNull(wire.units.poll(20, TimeUnit.SECONDS), "no unit in 20 s");
    }

    /** The next unit; its sequence follows the one before. */
    private Sent take() throws InterruptedException {
        Sent sent = next();
        assertThat(sent.sequence())
                .as("no picture lost")
                .isEqualTo(lastSequence == 0 ? sent.sequence() : lastSequence + 1);
        lastSequence = sent.sequence();
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

    private StreamMessage.Trouble lastTrouble() {
        return wire.messages.stream()
                .filter(StreamMessage.Trouble.class::isInstance)
                .map(StreamMessage.Trouble.class::cast)
                .reduce((before, now) -> now)
                .orElse(StreamMessage.Trouble.NONE);
    }

    /** Until the client was told last that this is streamed. */
    private void awaitInfo(String codec) throws InterruptedException {
        await(() -> wire.messages.stream()
                .filter(StreamMessage.StreamInfo.class::isInstance)
                .map(StreamMessage.StreamInfo.class::cast)
                .reduce((before, now) -> now)
                .filter(info -> info.codec().equals(codec))
                .isPresent());
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
