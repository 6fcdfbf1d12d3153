// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.tunnel;

import io.nvremote.core.Clock;
import io.nvremote.tests.bench.Aim;
import io.nvremote.tests.bench.Bench;
import io.nvremote.tests.bench.Child;
import io.nvremote.tests.bench.Machine;
import io.nvremote.tests.bench.Row;
import io.nvremote.tests.bench.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Payload bits per second of processor time: our engine in its process against wireguard-go in its own, at the two ends of
 * one connection, the same datagrams at the same pace, first one way, then the other. Of ours everything counts (making
 * and pacing the datagrams, compiler, collector); of wireguard-go only its own process, not the program behind its device.
 * Ours gets each step of the pace in one call, as the video pacer hands it over; wireguard-go gets it from its device.
 */
public final class EngineBench implements Bench {

    private static final int ROUNDS = 3;
    private static final int MEGABITS = 200;
    private static final int MILLIS = 4000;
    private static final int WARM_MILLIS = 4000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String OURS = "10.100.97.1";
    private static final String THEIRS = "10.100.97.2";

    private int steps;

    /** Gigabits of payload that arrived, per second of processor time of each end. */
    private record Leg(double ours, double theirs, double arrived) {}

    @Override
    public String name() {
        return "engine";
    }

    @Override
    public void measure(Run run) throws IOException, InterruptedException {
        Machine.needsNamespaces("tunnel engine against wireguard-go");
        Namespace namespace = Namespace.create(run);
        namespace.joinHost("198.18.211.1", "198.18.211.2");
        WireguardGo peer = WireguardGo.start(run, namespace, THEIRS, EngineEnd.MTU);
        String key = Namespace.command("wg", "genkey");
        String publicKey = Child.output(List.of("wg", "pubkey"), key);
        Path keyFile = Files.writeString(run.folder().resolve("engine.key"), key);
        peer.expect(publicKey, OURS);
        Child engine = Child.start(
                run,
                Map.of(),
                Child.java(
                        EngineEnd.class,
                        List.of(keyFile.toString(), publicKey, peer.publicKey(), "198.18.211.2", OURS, THEIRS)));
        Child program = Child.start(run, Map.of(), namespace.wrap(Child.java(SocketEnd.class, List.of(THEIRS, OURS))));
        engine.await("READY", PATIENCE);
        program.await("READY", PATIENCE);
        leg(engine, peer, engine, program, WARM_MILLIS);
        leg(engine, peer, program, engine, WARM_MILLIS);
        List<Leg> out = new ArrayList<>();
        List<Leg> in = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            if (i % 2 == 0) {
                out.add(leg(engine, peer, engine, program, MILLIS));
                in.add(leg(engine, peer, program, engine, MILLIS));
            } else {
                in.add(leg(engine, peer, program, engine, MILLIS));
                out.add(leg(engine, peer, engine, program, MILLIS));
            }
            run.say(String.format(
                    Locale.ROOT,
                    "sending %.2f against %.2f Gbit per CPU second, receiving %.2f against %.2f; %.3f and %.3f arrived",
                    out.getLast().ours(),
                    in.getLast().theirs(),
                    in.getLast().ours(),
                    out.getLast().theirs(),
                    out.getLast().arrived(),
                    in.getLast().arrived()));
        }
        String version = "wireguard-go " + Machine.packageVersion("wireguard-go");
        Map<String, Object> notes = Map.of(
                "payload_bytes",
                Flow.PAYLOAD_BYTES,
                "megabits_per_second",
                MEGABITS,
                "arrived_out",
                out.stream().map(Leg::arrived).toList(),
                "arrived_in",
                in.stream().map(Leg::arrived).toList());
        row(run, "sending", version, ours(out), theirs(in), notes);
        row(run, "receiving", version, ours(in), theirs(out), notes);
    }

    private static void row(
            Run run, String what, String peer, List<Double> ours, List<Double> theirs, Map<String, Object> notes) {
        run.add(new Row("engine", what + " UDP", "Gbit/CPU-s", peer, ours, theirs, Aim.atLeast(1.5), notes));
    }

    private static List<Double> ours(List<Leg> legs) {
        return legs.stream().map(Leg::ours).toList();
    }

    private static List<Double> theirs(List<Leg> legs) {
        return legs.stream().map(Leg::theirs).toList();
    }

    private Leg leg(Child engine, WireguardGo peer, Child from, Child to, int millis) throws IOException {
        long before = ask(to, "count", "");
        double ours = engine.cpuSeconds();
        double theirs = peer.cpuSeconds();
        long sent = ask(from, "send", " " + MEGABITS + " " + millis);
        Clock.system().sleep(Duration.ofMillis(100));
        double oursSpent = engine.cpuSeconds() - ours;
        double theirsSpent = peer.cpuSeconds() - theirs;
        long arrived = ask(to, "count", "") - before;
        return new Leg(arrived * 8e-9 / oursSpent, arrived * 8e-9 / theirsSpent, (double) arrived / sent);
    }

    private long ask(Child child, String verb, String rest) throws IOException {
        String name = "step" + ++steps;
        child.tell(verb + " " + name + rest);
        return Long.parseLong(child.await(name + " ", PATIENCE));
    }
}
