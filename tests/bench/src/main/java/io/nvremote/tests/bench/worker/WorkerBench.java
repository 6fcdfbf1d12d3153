// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.worker;

import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.core.FrameRate;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.Codec;
import io.nvremote.media.Frame;
import io.nvremote.media.Size;
import io.nvremote.media.worker.MediaWorkers;
import io.nvremote.tests.bench.Bench;
import io.nvremote.tests.bench.Figures;
import io.nvremote.tests.bench.LacksPeer;
import io.nvremote.tests.bench.Row;
import io.nvremote.tests.bench.Run;
import io.nvremote.worker.WorkerBody;
import io.nvremote.worker.Workers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What an encoder in a worker process costs a picture: the time of {@code encode} at 720p60 against the same body in this process, frame
 * about frame, so that both have the same machine. Packets only (pictures of 16x16, units of 8 Mbit/s: what a GPU's encoder sends), and
 * the software encoder, whose pictures cross.
 */
public final class WorkerBench implements Bench {

    private static final int ROUNDS = 3;
    private static final int WARM_FRAMES = 240;
    private static final int FRAMES = 480;
    private static final FrameRate RATE = new FrameRate(60);
    private static final Bitrate BITRATE = Bitrate.ofMegabits(8);
    private static final String SOFTWARE = "io.nvremote.encode.software.SoftwareBody";
    private static final Map<String, String> SETTINGS = Map.of("threads", "2", "sessions.max", "8", "library", "AUTO");

    @Override
    public String name() {
        return "worker";
    }

    @Override
    public void measure(Run run) throws IOException {
        MediaWorkers workers = run.own(MediaWorkers.standalone());
        compare(run, workers, PacketBody.class, "packets only", new Size(16, 16), 0.15);
        compare(run, workers, software(), "pictures of the CPU", new Size(1280, 720), 0.4);
    }

    @SuppressWarnings("unchecked") // a body of an encoder, as its name says
    private static Class<? extends WorkerBody<Encoder>> software() {
        try {
            return (Class<? extends WorkerBody<Encoder>>)
                    Class.forName(SOFTWARE).asSubclass(WorkerBody.class);
        } catch (ClassNotFoundException e) {
            throw new LacksPeer("the software encoder", "it is not in this build: ./build -DskipTests package");
        }
    }

    private static void compare(
            Run run,
            Workers workers,
            Class<? extends WorkerBody<Encoder>> body,
            String what,
            Size size,
            double limitMillis) {
        EncodeSpec spec = EncodeSpec.of(Codec.H264, size, RATE, BITRATE);
        Encoder here;
        try {
            here = body.getConstructor().newInstance().make(SETTINGS);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
        List<Double> added = new ArrayList<>();
        List<Double> inside = new ArrayList<>();
        try (var plugin = workers.start(Encoder.class, body, SETTINGS);
                Cards cards = new Cards(size);
                EncoderSession own = here.open(spec, unit -> {});
                EncoderSession remote = plugin.service().open(spec, unit -> {})) {
            for (int i = 0; i <= ROUNDS; i++) {
                List<Double> ours = new ArrayList<>();
                List<Double> theirs = new ArrayList<>();
                frames(cards, own, theirs, remote, ours, i == 0 ? WARM_FRAMES : FRAMES);
                if (i > 0) {
                    inside.add(Figures.median(theirs));
                    added.add(Figures.median(ours) - Figures.median(theirs));
                    run.say(String.format(
                            Locale.ROOT,
                            "%s: p50 %.3f ms in this process, %.3f ms more in a worker",
                            what,
                            inside.getLast(),
                            added.getLast()));
                }
            }
        }
        Row row = Row.limit("worker", "added to encode, " + what + ", p50", "ms", added, limitMillis);
        run.add(new Row(
                row.bench(),
                row.measure(),
                row.unit(),
                row.peer(),
                row.ours(),
                row.theirs(),
                row.aim(),
                Map.of("in_process_p50_ms", inside)));
    }

    private static void frames(
            Cards cards,
            EncoderSession own,
            List<Double> ownMillis,
            EncoderSession remote,
            List<Double> remoteMillis,
            int count) {
        Clock clock = Clock.system();
        long due = clock.nanos();
        for (int i = 0; i < count; i++) {
            Frame frame = cards.next();
            if (i % 2 == 0) {
                ownMillis.add(millis(own, frame));
                remoteMillis.add(millis(remote, frame));
            } else {
                remoteMillis.add(millis(remote, frame));
                ownMillis.add(millis(own, frame));
            }
            due += RATE.intervalNanos();
            clock.sleep(Duration.ofNanos(Math.max(0, due - clock.nanos())));
        }
    }

    private static double millis(EncoderSession session, Frame frame) {
        long begin = Clock.system().nanos();
        session.encode(frame, false);
        return (Clock.system().nanos() - begin) / 1e6;
    }
}
