// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nvremote.core.Clock;
import io.nvremote.tests.bench.Aim;
import io.nvremote.tests.bench.Authority;
import io.nvremote.tests.bench.Bench;
import io.nvremote.tests.bench.Child;
import io.nvremote.tests.bench.LacksPeer;
import io.nvremote.tests.bench.Row;
import io.nvremote.tests.bench.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;

/**
 * A list of hosts read over TLS from the control plane, and from a Node server (Fastify, pg) with the same checks on the same
 * PostgreSQL, which must give the same answer. The same client asks both, in turns; requests per second of processor time of
 * the server's process decide, so that the client and the database beside them on the machine don't count.
 */
public final class RestBench implements Bench {

    private static final int ROUNDS = 6;
    private static final int CONNECTIONS = 8;
    private static final int HOSTS = 20;
    /** Compilers work for the first ten thousands of requests; a server that runs for weeks is measured without that. */
    private static final int WARM_UP_REQUESTS = 30_000;

    private static final Duration WARM_UP_STEP = Duration.ofSeconds(2);
    /** A server is warm when none of so many steps was better than those before by more than a hundredth. */
    private static final int STEADY_STEPS = 5;

    private static final double BETTER = 1.01;
    private static final Duration WARM_UP_AT_MOST = Duration.ofMinutes(4);
    private static final Duration LEG = Duration.ofSeconds(5);

    private final ObjectMapper json = new ObjectMapper();

    /** What one server did in one leg. */
    private record Leg(double perCpuSecond, double perSecond) {}

    @Override
    public String name() {
        return "rest";
    }

    @Override
    public void measure(Run run) throws IOException, InterruptedException {
        Path peer = NodePeer.install(run);
        if (!Files.exists(run.root().resolve("runtimes/control-plane/target/control-plane.jar"))) {
            throw new LacksPeer("the control plane", "it is not built: ./build -DskipTests package");
        }
        ServedControlPlane ours = ServedControlPlane.start(run);
        Map<String, Object> settings = new HashMap<>(ours.settings());
        settings.put("hosts", HOSTS);
        Path file = run.folder().resolve("peer.json");
        Files.writeString(file, json.writeValueAsString(settings));
        Child.output(List.of("node", peer.resolve("seed.mjs").toString(), file.toString()), "");
        Child theirs = Child.start(
                run,
                Map.of("NODE_ENV", "production"),
                List.of("node", peer.resolve("server.mjs").toString(), file.toString()));
        int theirPort = Integer.parseInt(theirs.await("READY", Duration.ofSeconds(30)));

        String path = "/api/v1/orgs/" + ours.org() + "/hosts";
        SSLContext tls = Authority.trusting(run.folder().resolve("control-plane/certificates/ca.pem"));
        warmUp(run, ours.process(), new ClosedLoop(tls, ours.port(), CONNECTIONS, path, ours.token()));
        warmUp(run, theirs, new ClosedLoop(tls, theirPort, CONNECTIONS, path, ours.token()));
        ClosedLoop askOurs = run.own(new ClosedLoop(tls, ours.port(), CONNECTIONS, path, ours.token()));
        ClosedLoop askTheirs = run.own(new ClosedLoop(tls, theirPort, CONNECTIONS, path, ours.token()));
        same(askOurs.once(), askTheirs.once());
        List<Leg> our = new ArrayList<>();
        List<Leg> their = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            for (boolean first : i % 2 == 0 ? new boolean[] {true, false} : new boolean[] {false, true}) {
                Leg leg = first ? leg(ours.process(), askOurs) : leg(theirs, askTheirs);
                (first ? our : their).add(leg);
                run.say(String.format(
                        Locale.ROOT,
                        "%-5s %.0f requests per CPU second, %.0f a second",
                        first ? "ours" : "peer",
                        leg.perCpuSecond(),
                        leg.perSecond()));
            }
        }
        String name = "Fastify " + NodePeer.version(peer, "fastify") + ", pg " + NodePeer.version(peer, "pg");
        Map<String, Object> notes = Map.of(
                "hosts", HOSTS, "connections", CONNECTIONS, "node", Child.output(List.of("node", "--version"), ""));
        run.add(new Row(
                "rest",
                "list of hosts over TLS, per CPU second",
                "requests",
                name,
                our.stream().map(Leg::perCpuSecond).toList(),
                their.stream().map(Leg::perCpuSecond).toList(),
                Aim.atLeast(1.0),
                notes));
        run.add(new Row(
                "rest",
                "  the same, per second",
                "requests",
                name,
                our.stream().map(Leg::perSecond).toList(),
                their.stream().map(Leg::perSecond).toList(),
                null,
                notes));
    }

    private void same(byte[] ours, byte[] theirs) throws IOException {
        JsonNode one = json.readTree(ours);
        JsonNode other = json.readTree(theirs);
        if (one.path("items").size() != HOSTS || !one.equals(other)) {
            throw new IOException("the answers differ: " + one + "\n" + other);
        }
    }

    /**
     * Until the server does no more for a second of processor time than before, each side by the same rule. On connections of
     * its own: a server closes those that rest while the other one is asked.
     */
    private static void warmUp(Run run, Child server, ClosedLoop client) throws IOException, InterruptedException {
        long begun = Clock.system().nanos();
        long answers = 0;
        double best = 0;
        int steady = 0;
        try (client) {
            while ((steady < STEADY_STEPS || answers < WARM_UP_REQUESTS)
                    && Clock.system().nanos() - begun < WARM_UP_AT_MOST.toNanos()) {
                double cpu = server.cpuSeconds();
                long more = client.run(WARM_UP_STEP);
                double rate = more / (server.cpuSeconds() - cpu);
                steady = rate > best * BETTER ? 0 : steady + 1;
                best = Math.max(best, rate);
                answers += more;
            }
        }
        run.say(String.format(
                Locale.ROOT,
                "warmed up with %d requests, to %.0f per CPU second%s",
                answers,
                best,
                steady < STEADY_STEPS ? ", still rising" : ""));
    }

    private static Leg leg(Child server, ClosedLoop client) throws IOException, InterruptedException {
        double cpu = server.cpuSeconds();
        long begun = Clock.system().nanos();
        long answers = client.run(LEG);
        double seconds = (Clock.system().nanos() - begun) / 1e9;
        return new Leg(answers / (server.cpuSeconds() - cpu), answers / seconds);
    }
}
