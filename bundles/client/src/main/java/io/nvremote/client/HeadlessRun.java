// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.Clock;
import io.nvremote.core.CoreError;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.decode.Decoder;
import io.nvremote.input.InputEvent;
import io.nvremote.lib.files.StateFiles;
import io.nvremote.lib.files.StateFiles.Readers;
import io.nvremote.lib.process.ProcessMetrics;
import io.nvremote.stream.StreamMessage;
import io.nvremote.transport.ReceiverStats;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole way without a page: sign in, find a host, connect, watch, type, check, leave, and write down what was seen.
 * One thread calls {@link #run}.
 */
final class HeadlessRun {

    private static final Logger LOG = LoggerFactory.getLogger(HeadlessRun.class);
    private static final Duration STEP = Duration.ofMillis(20);
    private static final Duration HOST_WITHIN = Duration.ofSeconds(60);
    private static final Duration CONNECTED_WITHIN = Duration.ofSeconds(60);
    private static final Duration QUIET_FIRST = Duration.ofMillis(1500);
    private static final Duration TYPE_EVERY = Duration.ofMillis(400);
    private static final Duration QUIET_LAST = Duration.ofSeconds(1);
    /** Nobody listens there: the form driver takes the redirect before it is followed (RFC 8252 allows any port). */
    private static final String REDIRECT = "http://127.0.0.1:9/callback";

    private final Client client;
    private final ClientSettings.Headless settings;
    private final FormDriver driver;
    private final Decoder decoder;
    private final Clock clock;
    private final ObjectNode report = Json.object();
    private final ArrayNode problems = Json.object().putArray("problems");

    HeadlessRun(Client client, ClientSettings.Headless settings, FormDriver driver, Decoder decoder, Clock clock) {
        this.client = client;
        this.settings = settings;
        this.driver = driver;
        this.decoder = decoder;
        this.clock = clock;
    }

    /** Runs to the end; never throws: what failed is in the report. */
    ObjectNode run() {
        report.put("ok", false);
        try {
            go();
        } catch (StreamException e) {
            problems.add(e.code().name() + ": " + e.getMessage());
            report.set("error", Failures.json(e));
        }
        report.set("problems", problems);
        report.put("ok", problems.isEmpty());
        write(settings.report());
        LOG.atInfo()
                .addKeyValue("ok", problems.isEmpty())
                .addKeyValue(Keys.COUNT, problems.size())
                .log("headless run over");
        return report;
    }

    private void go() {
        ObjectNode connect = report.putObject("connect_ms");
        long begun = clock.nanos();
        client.finishSignIn(driver.signIn(client.beginSignIn(REDIRECT), REDIRECT));
        long signedIn = clock.nanos();
        connect.put("sign_in", millis(signedIn - begun));
        HostEntry host = host();
        report.put("host", host.name());
        report.put("org", host.org());
        connect.put("host_list", millis(clock.nanos() - signedIn));
        PictureCheck check = PictureCheck.of(settings.expect());
        session(host, check, connect, (connection, live, view) -> watch(connection, live, view, check));
        // Again, now that everything is loaded: what somebody waits for who connects for the second time.
        session(host, PictureCheck.of("any"), report.putObject("connect_again_ms"), (connection, live, view) -> {});
        client.signOut();
    }

    private interface Watching {
        void watch(Connection connection, LiveStream live, HeadlessView view);
    }

    /** One session from connect to disconnect; notes the time of each step. */
    private void session(HostEntry host, PictureCheck check, ObjectNode times, Watching watching) {
        AtomicReference<@Nullable Connection> made = new AtomicReference<>();
        try (HeadlessView view = new HeadlessView(decoder, check, clock, () -> {
            Connection held = made.get();
            return held == null ? null : held.stream();
        })) {
            view.start();
            long asked = clock.nanos();
            Connection connection = client.connect(host.id(), view);
            made.set(connection);
            await(CONNECTED_WITHIN, () -> connection.phase() != Connection.Phase.CONNECTING);
            for (ConnectSteps.Step step : ConnectSteps.Step.values()) {
                times.put(
                        step.name().toLowerCase(Locale.ROOT), connection.steps().millis(step));
            }
            times.put("connect_to_first_frame", millis(clock.nanos() - asked));
            LiveStream live = connection.stream();
            if (connection.phase() != Connection.Phase.STREAMING || live == null) {
                StreamException error = connection.error();
                throw error != null
                        ? error
                        : new StreamException(
                                ClientError.NO_PICTURE,
                                "the connection ended before a picture came" + because(connection));
            }
            watching.watch(connection, live, view);
            client.disconnect("the check is over");
            await(Duration.ofSeconds(10), () -> over(connection));
            if (!over(connection)) {
                problems.add("the session did not end in 10 s");
            }
        }
    }

    /** What this side or the host said of the end. */
    private static String because(Connection connection) {
        StreamException error = connection.error();
        String reason = error != null ? error.getMessage() : connection.reason();
        return reason == null ? "" : ": " + reason;
    }

    private static boolean over(Connection connection) {
        return connection.phase() == Connection.Phase.ENDED || connection.phase() == Connection.Phase.FAILED;
    }

    private HostEntry host() {
        await(HOST_WITHIN, () -> wanted().isPresent());
        return wanted().orElseThrow(
                        () -> new StreamException(ClientError.HOST_NOT_READY, "no host was online in " + HOST_WITHIN));
    }

    private Optional<HostEntry> wanted() {
        return client.hosts().stream()
                .filter(h -> h.status().equals("ONLINE"))
                .filter(h -> settings.host().isEmpty() || settings.host().equals(h.name()))
                .findFirst();
    }

    private void watch(Connection connection, LiveStream live, HeadlessView view, PictureCheck check) {
        ProcessMetrics cpuBefore = ProcessMetrics.now();
        StreamMessage.Stats hostBefore = live.hostStats();
        ReceiverStats before = live.received();
        long shownBefore = live.trace().shownCount();
        long start = clock.nanos();
        long nextKey = start + QUIET_FIRST.toNanos();
        long lastKey = start + settings.watch().toNanos() - QUIET_LAST.toNanos();
        int typed = 0;
        while (clock.nanos() - start < settings.watch().toNanos()) {
            clock.sleep(STEP);
            if (over(connection) || Thread.currentThread().isInterrupted()) {
                problems.add("the stream ended early" + because(connection));
                break;
            }
            if (clock.nanos() >= nextKey && clock.nanos() < lastKey) {
                int usage = 0x04 + typed++ % 26;
                check.typed();
                live.input(new InputEvent.Key(usage, true));
                live.input(new InputEvent.Key(usage, false));
                live.input(new InputEvent.PointerTo(typed * 997 % 65_536, 32_768));
                nextKey += TYPE_EVERY.toNanos();
            }
        }
        long nanos = clock.nanos() - start;
        long shown = live.trace().shownCount() - shownBefore;
        figures(live, view, before, nanos, shown);
        costs(live, cpuBefore, hostBefore, shown);
        check.report(report.withObject("/frames"), problems);
        if (shown == 0) {
            problems.add("no picture was decoded while watching");
        }
    }

    private void figures(LiveStream live, HeadlessView view, ReceiverStats before, long nanos, long shown) {
        ReceiverStats now = live.received();
        double seconds = nanos / 1e9;
        report.put("seconds", seconds);
        StreamMessage.StreamInfo info = live.info();
        if (info == null) {
            problems.add("the host never said what it streams");
        } else {
            report.put("codec", info.codec());
            report.put("width", info.width());
            report.put("height", info.height());
            report.put("capture", info.capture());
            report.put("encoder", info.encoder() + " " + info.encoderVersion());
        }
        ObjectNode frames = report.putObject("frames");
        StreamMessage.Stats host = live.hostStats();
        if (host != null) {
            frames.put("captured", host.captured())
                    .put("encoded", host.encoded())
                    .put("sent", host.sent());
            frames.put("encoder_swaps", host.swaps()).put("encoder_failures", host.encoderFailures());
        }
        frames.put("received", now.units()).put("shown", live.trace().shownCount());
        frames.put("dropped_by_receiver", now.unitsDropped());
        frames.put("dropped_by_viewer", view.dropped()).put("undecodable", view.undecodable());
        report.put("frames_per_second", shown / seconds);
        report.put("bits_per_second", (now.bytes() - before.bytes()) * 8 / seconds);
        long expected = now.packets() + now.lost();
        report.put("loss", expected == 0 ? 0 : (double) now.lost() / expected);
        report.put("packets_lost", now.lost()).put("packets_repaired", now.repaired());
        report.put("path", live.tunnel().path().kind().name());
        report.put("path_changes", live.tunnel().stats().pathChanges());
        report.put("round_trip_ms", millis(live.roundTripNanos()));
        report.put("clock_offset_ms", millis(live.clockOffsetNanos()));
        ObjectNode latency = report.putObject("latency_ms");
        for (LatencyTrace.Stage stage : LatencyTrace.Stage.values()) {
            Samples samples = live.trace().stage(stage);
            if (samples.count() > 0) {
                latency.putObject(stage.name().toLowerCase(Locale.ROOT))
                        .put("p50", samples.percentileMillis(0.50))
                        .put("p95", samples.percentileMillis(0.95))
                        .put("p99", samples.percentileMillis(0.99));
            }
        }
    }

    private void costs(LiveStream live, ProcessMetrics before, StreamMessage.@Nullable Stats hostBefore, long shown) {
        ProcessMetrics now = ProcessMetrics.now();
        ObjectNode cpu = report.putObject("cpu_ms_per_frame");
        ObjectNode memory = report.putObject("resident_bytes");
        if (shown > 0) {
            cpu.put("client", millis(now.cpuNanos() - before.cpuNanos()) / shown);
        }
        memory.put("client", now.residentBytes());
        StreamMessage.Stats host = live.hostStats();
        if (host != null && hostBefore != null && host.sent() > hostBefore.sent()) {
            cpu.put("host", millis(host.cpuNanos() - hostBefore.cpuNanos()) / (host.sent() - hostBefore.sent()));
        }
        if (host != null) {
            memory.put("host", host.residentBytes());
        }
    }

    private void await(Duration atMost, BooleanSupplier done) {
        long end = clock.nanos() + atMost.toNanos();
        while (!done.getAsBoolean()
                && clock.nanos() < end
                && !Thread.currentThread().isInterrupted()) {
            clock.sleep(STEP);
        }
    }

    /** Written whole or not at all: who waits for the file never reads half of it. */
    private void write(@Nullable Path file) {
        if (file == null) {
            return;
        }
        try {
            StateFiles.write(file, Json.pretty(report) + "\n", Readers.EVERYBODY);
        } catch (IOException e) {
            LOG.atError()
                    .addKeyValue(Keys.CODE, CoreError.INVALID_CONFIGURATION.name())
                    .addKeyValue(Keys.FILE, file)
                    .setCause(e)
                    .log("the report could not be written");
        }
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }
}
