// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.tunnel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nvremote.tests.bench.Aim;
import io.nvremote.tests.bench.Bench;
import io.nvremote.tests.bench.Child;
import io.nvremote.tests.bench.Machine;
import io.nvremote.tests.bench.Row;
import io.nvremote.tests.bench.Run;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Two wireguard-go peers, each in a namespace: once by a cable between them, once through the gateway's relay, in turns.
 * Bulk TCP and paced UDP by iperf3. Builds of wireguard-go from 2023 on hand many packets to the kernel at once (GSO);
 * a relay that forwards one datagram at a time can't keep their bulk TCP, so the version stands in the result.
 */
public final class RelayBench implements Bench {

    private static final int ROUNDS = 3;
    private static final String PACED = "200M";
    private static final String DIRECT_A = "198.18.212.1";
    private static final String DIRECT_B = "198.18.212.2";
    private static final String RELAY_A = "198.18.213.1";
    private static final String PEER_A = "198.18.213.2";
    private static final String RELAY_B = "198.18.213.5";
    private static final String PEER_B = "198.18.213.6";
    private static final String INNER_A = "10.96.0.1";
    private static final String INNER_B = "10.96.0.2";
    private static final int MTU = 1420;

    private final ObjectMapper json = new ObjectMapper();

    /** Gigabits a second of TCP; megabits a second of paced UDP that arrived. */
    private record Leg(double tcp, double udp) {}

    @Override
    public String name() {
        return "relay";
    }

    @Override
    public void measure(Run run) throws IOException, InterruptedException {
        String what = "throughput through the relay";
        Machine.needsNamespaces(what);
        Machine.needs("iperf3", what, "iperf3");
        Machine.needs("ping", what, "iputils-ping");
        Namespace a = Namespace.create(run);
        Namespace b = Namespace.create(run);
        a.join(b, DIRECT_A, DIRECT_B);
        a.joinHost(RELAY_A, PEER_A);
        b.joinHost(RELAY_B, PEER_B);
        b.inside("ip", "route", "add", RELAY_A + "/32", "dev", b.device("i"));
        WireguardGo peerA = WireguardGo.start(run, a, INNER_A, MTU);
        WireguardGo peerB = WireguardGo.start(run, b, INNER_B, MTU);
        int port = Machine.freeUdpPort();
        Child relay = Child.start(
                run,
                Map.of(),
                Child.java(
                        RelayEnd.class,
                        List.of("-XX:TieredStopAtLevel=1"), // as the gateway runs
                        List.of(RELAY_A, Integer.toString(port), peerA.publicKey(), peerB.publicKey())));
        relay.await("READY", Duration.ofSeconds(30));
        Child.start(run, Map.of(), b.wrap(List.of("iperf3", "-s", "-B", INNER_B)));
        List<Leg> direct = new ArrayList<>();
        List<Leg> relayed = new ArrayList<>();
        double cpu = 0;
        for (int i = 0; i < ROUNDS; i++) {
            for (boolean straight : i % 2 == 0 ? new boolean[] {true, false} : new boolean[] {false, true}) {
                String toB = straight ? DIRECT_B + ":" + WireguardGo.PORT : RELAY_A + ":" + port;
                String toA = straight ? DIRECT_A + ":" + WireguardGo.PORT : RELAY_A + ":" + port;
                peerA.reach(peerB.publicKey(), INNER_B, toB);
                peerB.reach(peerA.publicKey(), INNER_A, toA);
                a.inside("ping", "-c", "1", "-w", "40", INNER_B);
                double before = relay.cpuSeconds();
                Leg leg = leg(a);
                (straight ? direct : relayed).add(leg);
                cpu += straight ? 0 : relay.cpuSeconds() - before;
                run.say(String.format(
                        Locale.ROOT,
                        "%-7s TCP %.3f Gbit/s, UDP %.1f Mbit/s of %s",
                        straight ? "direct" : "relayed",
                        leg.tcp(),
                        leg.udp(),
                        PACED));
            }
        }
        String peer = "direct, wireguard-go " + Machine.packageVersion("wireguard-go");
        Map<String, Object> notes = Map.of("mtu", MTU, "relay_cpu_seconds", cpu, "streams", 1);
        run.add(new Row(
                "relay",
                "bulk TCP through the relay",
                "Gbit/s",
                peer,
                tcp(relayed),
                tcp(direct),
                Aim.atLeast(0.85),
                notes));
        run.add(new Row(
                "relay", "UDP paced at " + PACED, "Mbit/s", peer, udp(relayed), udp(direct), Aim.atLeast(0.85), notes));
    }

    private static List<Double> tcp(List<Leg> legs) {
        return legs.stream().map(Leg::tcp).toList();
    }

    private static List<Double> udp(List<Leg> legs) {
        return legs.stream().map(Leg::udp).toList();
    }

    private Leg leg(Namespace a) throws IOException, InterruptedException {
        JsonNode tcp = json.readTree(a.inside("iperf3", "-c", INNER_B, "-t", "4", "-O", "1", "-J"));
        JsonNode udp =
                json.readTree(a.inside("iperf3", "-c", INNER_B, "-u", "-b", PACED, "-l", "1200", "-t", "3", "-J"));
        JsonNode sum = udp.path("end").path("sum");
        return new Leg(
                tcp.path("end").path("sum_received").path("bits_per_second").asDouble() / 1e9,
                sum.path("bits_per_second").asDouble()
                        / 1e6
                        * (1 - sum.path("lost_percent").asDouble() / 100));
    }
}
