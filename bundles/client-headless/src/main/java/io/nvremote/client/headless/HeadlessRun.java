// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.Clock;
import io.nvremote.core.CoreError;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.input.InputEvent;
import io.nvremote.lib.files.StateFiles;
import io.nvremote.lib.files.StateFiles.Readers;
import io.nvremote.lib.process.ProcessMetrics;
import io.nvremote.stream.StreamMessage;
import io.nvremote.transport.ReceiverStats;
import io.nvremote.viewer.HostEntry;
import io.nvremote.viewer.HostFacts;
import io.nvremote.viewer.InputSender;
import io.nvremote.viewer.VideoFeed;
import io.nvremote.viewer.Viewer;
import io.nvremote.viewer.ViewerError;
import io.nvremote.viewer.ViewerSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
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

    private final Viewer viewer;
    private final HeadlessSettings settings;
    private final FormDriver driver;
    private final DecodeParts decoders;
    private final Clock clock;
    private final ObjectNode report = JsonNodeFactory.instance.objectNode();
    private final ArrayNode problems = JsonNodeFactory.instance.objectNode().putArray("problems");

    HeadlessRun(Viewer viewer, HeadlessSettings settings, FormDriver driver, DecodeParts decoders, Clock clock) {
        this.viewer = viewer;
        this.settings = settings;
        this.driver = driver;
        this.decoders = decoders;
        this.clock = clock;
    }

    /** Runs to the end; never throws: what failed is in the report. */
    ObjectNode run() {
        report.put("ok", false);
        try {
            go();
        } catch (StreamException e) {
            problems.add(e.code().name() + ": " + e.getMessage());
            report.putObject("error")
                    .put("code", e.code().name())
                    .put("message", e.getMessage())
                    .put("advice", e.code().advice());
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
        viewer.finishSignIn(driver.signIn(viewer.beginSignIn(REDIRECT), REDIRECT));
        long signedIn = clock.nanos();
        connect.put("sign_in", millis(signedIn - begun));
        HostEntry host = host();
        report.put("host", host.name());
        report.put("org", host.org());
        connect.put("host_list", millis(clock.nanos() - signedIn));
        PictureCheck check = PictureCheck.of(settings.expect());
        session(host, check, connect, (session, video, view) -> watch(session, video, view, check));
        // Again, now that everything is loaded: what somebody waits for who connects for the second time.
        session(
                host,
                PictureCheck.of(HeadlessSettings.Picture.ANY),
                report.putObject("connect_again_ms"),
                (session, video, view) -> {});
        viewer.signOut();
    }

    private interface Watching {
        void watch(ViewerSession session, VideoFeed video, HeadlessView view);
    }

    /** One session from connect to disconnect; notes the time of each step. */
    private void session(HostEntry host, PictureCheck check, ObjectNode times, Watching watching) {
        try (HeadlessView view = new HeadlessView(decoders, check, settings.display(), clock, viewer::session)) {
            view.start();
            long asked = clock.nanos();
            ViewerSession session = viewer.connect(host.id(), view);
            await(CONNECTED_WITHIN, () -> session.phase() != ViewerSession.Phase.CONNECTING);
            for (ViewerSession.StepTime step : session.steps()) {
                times.put(step.step().name().toLowerCase(Locale.ROOT), step.millis());
            }
            times.put("connect_to_first_frame", millis(clock.nanos() - asked));
            VideoFeed video = feed(session);
            if (session.phase() != ViewerSession.Phase.STREAMING || video == null) {
                StreamException error = session.error();
                throw error != null
                        ? error
                        : new StreamException(
                                ViewerError.NO_PICTURE,
                                "the connection ended before a picture came" + because(session));
            }
            watching.watch(session, video, view);
            viewer.disconnect("the check is over");
            await(Duration.ofSeconds(10), () -> session.phase().over());
            if (!session.phase().over()) {
                problems.add("the session did not end in 10 s");
            }
        }
    }

    private static @Nullable VideoFeed feed(@Nullable ViewerSession session) {
        return session == null ? null : session.part(VideoFeed.class).orElse(null);
    }

    /** What this side or the host said of the end. */
    private static String because(ViewerSession session) {
        StreamException error = session.error();
        String reason = error != null ? error.getMessage() : session.reason();
        return reason == null ? "" : ": " + reason;
    }

    private HostEntry host() {
        await(HOST_WITHIN, () -> wanted().isPresent());
        return wanted().orElseThrow(
                        () -> new StreamException(ViewerError.HOST_NOT_READY, "no host was online in " + HOST_WITHIN));
    }

    private Optional<HostEntry> wanted() {
        return viewer.state().hosts().stream()
                .filter(h -> h.status().equals("ONLINE"))
                .filter(h -> settings.host().isEmpty() || settings.host().equals(h.name()))
                .findFirst();
    }

    private void watch(ViewerSession session, VideoFeed video, HeadlessView view, PictureCheck check) {
        ProcessMetrics cpuBefore = ProcessMetrics.now();
        StreamMessage.Stats hostBefore = hostStats(session);
        ReceiverStats before = video.received();
        long shownBefore = video.shownCount();
        long start = clock.nanos();
        long nextKey = start + QUIET_FIRST.toNanos();
        long end = start + settings.watch().toNanos();
        int typed = 0;
        while (clock.nanos() < end) {
            clock.sleep(STEP);
            end = stopped(end);
            if (session.phase().over() || Thread.currentThread().isInterrupted()) {
                problems.add("the stream ended early" + because(session));
                break;
            }
            if (clock.nanos() >= nextKey && clock.nanos() < end - QUIET_LAST.toNanos()) {
                check.typed();
                session.part(InputSender.class).ifPresent(type(typed++));
                nextKey += TYPE_EVERY.toNanos();
            }
        }
        long nanos = clock.nanos() - start;
        long shown = video.shownCount() - shownBefore;
        SeenFigures figures = new SeenFigures(report, problems);
        figures.stream(session, video, before, nanos, shown);
        figures.view(view);
        figures.costs(hostStats(session), cpuBefore, hostBefore, shown);
        check.report(report.withObject("/frames"), problems);
        if (shown == 0) {
            problems.add("no picture was decoded while watching");
        }
    }

    /** The end, or a sooner one if somebody wants that: late enough for what was typed to be seen. */
    private long stopped(long end) {
        Path stop = settings.stop();
        return stop != null && Files.exists(stop) ? Math.min(end, clock.nanos() + QUIET_LAST.toNanos()) : end;
    }

    private static StreamMessage.@Nullable Stats hostStats(ViewerSession session) {
        return session.part(HostFacts.class).map(HostFacts::stats).orElse(null);
    }

    /** One key and one movement, each another than before. */
    private static Consumer<InputSender> type(int number) {
        int usage = 0x04 + number % 26;
        return input -> {
            input.send(new InputEvent.Key(usage, true));
            input.send(new InputEvent.Key(usage, false));
            input.send(new InputEvent.PointerTo((number + 1) * 997 % 65_536, 32_768));
        };
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
            StateFiles.write(file, report.toPrettyString() + "\n", Readers.EVERYBODY);
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
