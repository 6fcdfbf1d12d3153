// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.capture.CaptureSource;
import io.nvremote.encode.Encoder;
import io.nvremote.host.Fakes.Letter;
import io.nvremote.host.Fakes.Sent;
import io.nvremote.input.InputEvent;
import io.nvremote.input.InputSink;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.media.Size;
import io.nvremote.stream.StreamMessage;
import io.nvremote.stream.StreamMessage.Displays;
import io.nvremote.stream.StreamMessage.ShowDisplay;
import io.nvremote.stream.StreamMessage.StreamInfo;
import io.nvremote.stream.StreamMessage.Trouble;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A screen of two outputs: a client sees which there are, and sees the one that it picks alone. */
class DisplayChoiceTest {

    private static final Size WHOLE = new Size(96, 32);
    private static final Size LEFT = new Size(64, 32);
    private static final Size RIGHT = new Size(32, 32);
    private static final Map<String, Size> BOTH = Map.of("", WHOLE, "/LEFT", LEFT, "/RIGHT", RIGHT);

    private final Fakes.Card card = new Fakes.Card();
    private final Fakes.Wire wire = new Fakes.Wire();
    private final Fakes.Tunnels tunnels = new Fakes.Tunnels();
    private final Fakes.Keyboard keyboard = new Fakes.Keyboard();
    private final RankedServices<CaptureSource> captures = new RankedServices<>();
    private final RankedServices<Encoder> encoders = new RankedServices<>();
    private final RankedServices<InputSink> inputs = new RankedServices<>();
    private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
    private ComposedSession session;

    @BeforeEach
    void open() throws Exception {
        card.displays = BOTH;
        captures.add(Fakes.offered(card, 10, 0, "card", "capture", "1.0.0"));
        encoders.add(Fakes.offered(new Letter('a'), 1, 0, "h264", "software", "1.0.0"));
        inputs.add(Fakes.offered(keyboard, 11, 0, "card", "input", "1.0.0"));
        ComposedSession.Parts parts =
                ComposedSession.parts(tunnels, wire, captures, encoders, inputs, Fakes.PLAN, (service, reason) -> {});
        session = ComposedSession.open(ComposedSession.spec(tunnels), parts, ComposedSession.telling(ended::add));
        tunnels.listener.up();
        wire.clientSays(new StreamMessage.Ping(1));
        awaitShown("", WHOLE);
    }

    @AfterEach
    void end() throws Exception {
        session.end("test over");
        assertThat(ended.poll(20, TimeUnit.SECONDS)).isNotNull();
        assertThat(wire.overlapped).as("two threads in one sender").isFalse();
    }

    @Test
    void the_one_that_is_picked_is_shown_alone_and_begins_with_a_key_frame() throws Exception {
        wire.clientSays(new ShowDisplay("/RIGHT"));
        awaitShown("/RIGHT", RIGHT);
        wire.units.clear();
        wire.clientSays(new ShowDisplay("/LEFT"));
        awaitShown("/LEFT", LEFT);
        assertThat(wire.units.stream().anyMatch(Sent::keyFrame)).isTrue();
        wire.clientSays(new ShowDisplay(""));
        awaitShown("", WHOLE);
    }

    @Test
    void input_goes_to_the_one_that_is_shown() throws Exception {
        wire.clientSays(new ShowDisplay("/RIGHT"));
        awaitShown("/RIGHT", RIGHT);
        wire.clientSays(new StreamMessage.Input(new InputEvent.PointerTo(0, 0)));
        assertThat(keyboard.events.poll(20, TimeUnit.SECONDS)).isNotNull();
        assertThat(keyboard.displays).last().isEqualTo("/RIGHT");
    }

    /** Of this screen, and of another, which a client is never to choose. */
    @Test
    void one_that_is_not_there_is_refused_with_the_names_and_pictures_go_on() throws Exception {
        for (String wanted : List.of("/MIDDLE", "elsewhere:0")) {
            wire.clientSays(new ShowDisplay(wanted));
            await(() -> refused(wanted));
            await(() -> said(Trouble.class).orElseThrow().code().isEmpty());
        }
        awaitShown("", WHOLE);
        assertThat(card.opened).as("nothing was begun anew").hasValue(1);
    }

    private boolean refused(String wanted) {
        return wire.messages.stream()
                .anyMatch(each -> each instanceof Trouble trouble
                        && trouble.code().equals("NO_SUCH_DISPLAY")
                        && trouble.sentence().contains("no display " + wanted + ", it has [, /LEFT, /RIGHT]"));
    }

    @Test
    void one_that_goes_away_is_told_of_and_comes_back() throws Exception {
        wire.clientSays(new ShowDisplay("/RIGHT"));
        awaitShown("/RIGHT", RIGHT);
        card.displays = Map.of("", LEFT, "/LEFT", LEFT);
        await(() -> said(Trouble.class)
                .filter(last -> last.sentence().contains("the screen has no output /RIGHT"))
                .isPresent());
        card.displays = BOTH;
        await(() -> said(Trouble.class).orElseThrow().code().isEmpty());
        awaitShown("/RIGHT", RIGHT);
    }

    private void awaitShown(String display, Size size) throws InterruptedException {
        await(() -> said(Displays.class).equals(Optional.of(new Displays(display, List.of("", "/LEFT", "/RIGHT"))))
                && said(StreamInfo.class)
                        .filter(info -> info.width() == size.width() && info.height() == size.height())
                        .isPresent());
    }

    private <M> Optional<M> said(Class<M> kind) {
        return wire.messages.stream().filter(kind::isInstance).map(kind::cast).reduce((before, now) -> now);
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
