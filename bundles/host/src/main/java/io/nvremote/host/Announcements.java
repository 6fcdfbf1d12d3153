// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.DisplayName;
import io.nvremote.encode.Encoder;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.media.Codec;
import io.nvremote.media.Size;
import io.nvremote.stream.StreamMessage;
import io.nvremote.stream.StreamMessage.Trouble;
import io.nvremote.track.TrackReport;
import io.nvremote.track.TrackSession;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the client is told of the video: what is streamed, and why there is nothing new. All that stands can be said again. Safe for any thread. */
final class Announcements {

    private final TrackSession session;
    private final StreamPlan plan;
    private volatile String source = "";
    private volatile @Nullable Size size;
    private volatile Codec codec;
    private volatile @Nullable ServiceCandidate<Encoder> announced;
    private volatile StreamMessage.Displays displays = new StreamMessage.Displays("", List.of());
    private volatile Trouble codecTrouble = Trouble.NONE;
    private volatile Trouble trouble = Trouble.NONE;

    Announcements(TrackSession session, StreamPlan plan) {
        this.session = session;
        this.plan = plan;
        this.codec = plan.codec();
    }

    /** Of the last picture; null before the first. */
    @Nullable
    Size size() {
        return size;
    }

    /** Of the last picture; empty before the first. */
    String source() {
        return source;
    }

    void streaming(String from, Size pictures, @Nullable ServiceCandidate<Encoder> encoder) {
        source = from;
        size = pictures;
        info(encoder);
    }

    /** Said where there is something to choose, or no longer. */
    void displays(String shown, List<String> names) {
        StreamMessage.Displays now = new StreamMessage.Displays(shown, names);
        if (!now.equals(displays)) {
            displays = now;
            session.say(now);
        }
    }

    /**
     * Whether a client may see that display: what is told of, else an output of this host's own screen, and no other screen. What it may
     * not is refused with the names there are.
     */
    boolean mayShow(String wanted) {
        List<String> there = displays.names();
        boolean known = wanted.isEmpty() || there.contains(wanted);
        boolean own = DisplayName.of(wanted)
                .screen()
                .equals(DisplayName.of(plan.display()).screen());
        if (known || (own && there.isEmpty())) {
            return true;
        }
        trouble(new Trouble(
                HostError.NO_SUCH_DISPLAY.name(), "This host shows no display " + wanted + ", it has " + there + "."));
        return false;
    }

    void report(TrackReport to) {
        Size pictures = size;
        to.fact("capture", source);
        to.fact("display", displays.shown());
        to.fact("size", pictures == null ? null : pictures.toString());
    }

    /** Said with the next look at the encoder, which may be the same service. */
    void codec(Codec other) {
        codec = other;
        announced = null;
    }

    /** Whether there is a codec for these pictures and this client; it is told where nothing heavier is wrong. */
    void codec(Trouble now) {
        codecTrouble = now;
        if (trouble.code().isEmpty() || trouble.code().equals(HostError.NO_COMMON_CODEC.name())) {
            trouble(Trouble.NONE);
        }
    }

    /** Told with each picture. */
    void trouble(Trouble now) {
        Trouble heaviest = now.code().isEmpty() ? codecTrouble : now;
        if (!heaviest.equals(trouble)) {
            trouble = heaviest;
            session.say(heaviest);
        }
    }

    /** Everything that stands, for a client that came. */
    void sayAgain(@Nullable ServiceCandidate<Encoder> encoder) {
        info(encoder);
        if (!displays.names().isEmpty()) {
            session.say(displays);
        }
        session.say(trouble);
    }

    /** If it is another encoder than the client knows of. */
    void sayIfOther(@Nullable ServiceCandidate<Encoder> encoder) {
        if (session.peerIsHere() && !Objects.equals(announced, encoder)) {
            info(encoder);
        }
    }

    private void info(@Nullable ServiceCandidate<Encoder> encoder) {
        Size pictures = size;
        if (pictures == null) {
            return;
        }
        announced = encoder;
        session.say(new StreamMessage.StreamInfo(
                codec.name(),
                pictures.width(),
                pictures.height(),
                plan.rate().perSecond(),
                source,
                encoder == null ? "" : encoder.name(),
                encoder == null ? "" : encoder.version()));
    }
}
