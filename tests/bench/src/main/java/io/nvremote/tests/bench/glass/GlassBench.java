// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.glass;

import io.nvremote.core.Clock;
import io.nvremote.tests.bench.Aim;
import io.nvremote.tests.bench.Bench;
import io.nvremote.tests.bench.Child;
import io.nvremote.tests.bench.Figures;
import io.nvremote.tests.bench.Machine;
import io.nvremote.tests.bench.Row;
import io.nvremote.tests.bench.Run;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * From a change on one X screen to the same change on another, on one machine: our chain against GStreamer's, in turns,
 * with the same painter and the same watcher.
 */
public final class GlassBench implements Bench {

    static final int WIDTH = 1280;
    static final int HEIGHT = 720;

    private static final int ROUNDS = 3;
    private static final int WARM_SECONDS = 4;
    private static final int SECONDS = 6;
    private static final int BITS_PER_SECOND = 8_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Aim AIM = Aim.atMost(0.5);

    /** Starts one chain from a screen to another. */
    @FunctionalInterface
    private interface Chain {
        List<Child> start(Run run, String source, String sink, int rate) throws IOException;
    }

    /** What one round showed. */
    private record Round(List<Double> latencies, double seen, double cpuMillis) {}

    @Override
    public String name() {
        return "glass";
    }

    @Override
    public void measure(Run run) throws IOException, InterruptedException {
        Machine.needs("Xvfb", "glass-to-glass", "xvfb");
        GstreamerChain gstreamer = GstreamerChain.find();
        Chain ours = GlassBench::startOurs;
        Chain theirs = (r, source, sink, rate) -> gstreamer.start(r, source, sink, rate, BITS_PER_SECOND);
        Screen source = Screen.start(run, WIDTH, HEIGHT);
        Screen sink = Screen.start(run, WIDTH, HEIGHT);
        for (int rate : new int[] {30, 60}) {
            List<Round> mine = new ArrayList<>();
            List<Round> others = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                if (i % 2 == 0) {
                    mine.add(round(run, ours, "ours", source, sink, rate));
                    others.add(round(run, theirs, "GStreamer", source, sink, rate));
                } else {
                    others.add(round(run, theirs, "GStreamer", source, sink, rate));
                    mine.add(round(run, ours, "ours", source, sink, rate));
                }
            }
            rows(run, rate, gstreamer, mine, others);
        }
    }

    private static List<Child> startOurs(Run run, String source, String sink, int rate) throws IOException {
        String host = Integer.toString(Machine.freeUdpPort());
        String client = Integer.toString(Machine.freeUdpPort());
        String perSecond = Integer.toString(rate);
        String bits = Integer.toString(BITS_PER_SECOND);
        Child receiving =
                Child.start(run, Map.of(), Child.java(ClientEnd.class, List.of(sink, client, host, perSecond, bits)));
        receiving.await("READY", PATIENCE);
        Child sending =
                Child.start(run, Map.of(), Child.java(HostEnd.class, List.of(source, host, client, perSecond, bits)));
        sending.await("READY", PATIENCE);
        return List.of(receiving, sending);
    }

    private static Round round(Run run, Chain chain, String name, Screen source, Screen sink, int rate)
            throws IOException, InterruptedException {
        int warm = WARM_SECONDS * rate;
        int pictures = warm + SECONDS * rate;
        Flips flips = new Flips(pictures + Mark.VALUES);
        List<Child> children = chain.start(run, source.display(), sink.display(), rate);
        try (Painter painter = new Painter(source.display(), WIDTH, HEIGHT);
                Watcher _ = new Watcher(sink.display(), flips)) {
            painter.paint(flips, 0, warm, rate);
            double before = cpu(children);
            painter.paint(flips, warm, pictures, rate);
            double cpuMillis = (cpu(children) - before) * 1000 / (pictures - warm);
            Clock.system().sleep(Duration.ofMillis(300)); // the last ones are still on their way
            List<Double> latencies = flips.latencies(warm, pictures);
            Round round = new Round(latencies, (double) latencies.size() / (pictures - warm), cpuMillis);
            run.say(String.format(
                    Locale.ROOT,
                    "720p%d %-9s p50 %.1f ms, p95 %.1f ms, seen %.3f, %.1f ms CPU a picture",
                    rate,
                    name,
                    Figures.percentile(latencies, 50),
                    Figures.percentile(latencies, 95),
                    round.seen(),
                    cpuMillis));
            children.get(0).lines().stream()
                    .filter(l -> l.startsWith(Stages.PREFIX))
                    .reduce((a, b) -> b)
                    .ifPresent(l -> run.say("  ms:" + l.substring(Stages.PREFIX.length())));
            if (latencies.isEmpty()) {
                throw new IOException("no picture arrived by " + name + ": "
                        + children.get(0).lines() + " " + children.get(1).lines());
            }
            return round;
        } finally {
            children.reversed().forEach(Child::close);
        }
    }

    private static double cpu(List<Child> children) throws IOException {
        double sum = 0;
        for (Child child : children) {
            sum += child.cpuSeconds();
        }
        return sum;
    }

    private static void rows(Run run, int rate, GstreamerChain peer, List<Round> mine, List<Round> others) {
        Map<String, Object> notes = new TreeMap<>();
        notes.put("seen_ours", mine.stream().map(Round::seen).toList());
        notes.put("seen_peer", others.stream().map(Round::seen).toList());
        row(run, rate, "p50", "ms", peer, AIM, percentile(mine, 50), percentile(others, 50), notes);
        row(run, rate, "p95", "ms", peer, null, percentile(mine, 95), percentile(others, 95), Map.of());
        row(run, rate, "pictures seen", "part", peer, null, seen(mine), seen(others), Map.of());
        row(run, rate, "processor", "ms/picture", peer, null, cpuMillis(mine), cpuMillis(others), Map.of());
    }

    private static void row(
            Run run,
            int rate,
            String measure,
            String unit,
            GstreamerChain peer,
            @Nullable Aim aim,
            List<Double> ours,
            List<Double> theirs,
            Map<String, Object> notes) {
        run.add(new Row(
                "glass",
                "720p" + rate + " glass to glass, " + measure,
                unit,
                peer.toString(),
                ours,
                theirs,
                aim,
                notes));
    }

    private static List<Double> percentile(List<Round> rounds, int percent) {
        return rounds.stream()
                .map(r -> Figures.percentile(r.latencies(), percent))
                .toList();
    }

    private static List<Double> seen(List<Round> rounds) {
        return rounds.stream().map(Round::seen).toList();
    }

    private static List<Double> cpuMillis(List<Round> rounds) {
        return rounds.stream().map(Round::cpuMillis).toList();
    }
}
