// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.StreamException;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.Signal.BundleState;
import io.nvremote.updates.BundleChange;
import io.nvremote.updates.BundleReport;
import io.nvremote.updates.RuntimeBundles;
import io.nvremote.updates.UpdateError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OfferedBundlesTest {

    private static final String NAME = "a.bundle";

    @TempDir
    private Path data;

    private final BlockingQueue<Signal> said = new LinkedBlockingQueue<>();
    private final Replacing replacing = new Replacing();
    private final byte[] content = new byte[70_000];
    private @Nullable RuntimeBundles here = replacing;
    private OfferedBundles offered = new OfferedBundles(() -> here, Path.of("."), said::add);

    @BeforeEach
    void prepare() {
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * 7);
        }
        offered = new OfferedBundles(() -> here, data, said::add);
    }

    /** Keeps what it is given, and says what a test wants. */
    private static final class Replacing implements RuntimeBundles {

        private final List<byte[]> given = new ArrayList<>();
        private volatile String version = "1.0.0";
        private volatile String waiting = "";
        private volatile @Nullable StreamException refusal;
        private volatile boolean busy;
        private volatile @Nullable When when;

        @Override
        public List<BundleReport> list() {
            return List.of(new BundleReport(NAME, version, true, waiting, ""));
        }

        @Override
        public BundleChange update(Path jar, When asked, boolean downgrade) {
            try {
                given.add(Files.readAllBytes(jar));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            when = asked;
            StreamException no = refusal;
            if (no != null) {
                throw no;
            }
            if (busy) {
                waiting = "2.0.0";
                return change(BundleChange.State.WAITING, "sessions: 1");
            }
            version = "2.0.0";
            return change(BundleChange.State.REPLACED, "without a gap");
        }

        @Override
        public BundleChange rollback(String name, When asked) {
            throw new IllegalStateException("nobody asks for it");
        }

        @Override
        public List<BundleChange> history() {
            return List.of(
                    change(BundleChange.State.WAITING, "sessions: 1"), change(BundleChange.State.UNDONE, "did not do"));
        }

        private static BundleChange change(BundleChange.State state, String detail) {
            return new BundleChange(NAME, "1.0.0", "2.0.0", state, detail, Instant.EPOCH);
        }
    }

    private Signal.BundleOffer offer() throws Exception {
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        return new Signal.BundleOffer(sha256, NAME, "2.0.0", content.length, false);
    }

    private Signal next() throws InterruptedException {
        Signal signal = said.poll(20, TimeUnit.SECONDS);
        assertThat(signal).as("something is said").isNotNull();
        return signal;
    }

    private void outcome(BundleState state, String detail) throws Exception {
        assertThat(next()).isInstanceOfSatisfying(Signal.BundleOutcome.class, outcome -> {
            assertThat(outcome.outcome()).as(outcome.detail()).isEqualTo(state);
            assertThat(outcome.detail()).contains(detail);
        });
        try (Stream<Path> left =
                Files.exists(data.resolve("offered")) ? Files.list(data.resolve("offered")) : Stream.of()) {
            assertThat(left).isEmpty();
        }
    }

    /** Answers what the host asks for until it has all of it. */
    private void deliver(Signal.BundleOffer offer) throws Exception {
        for (long at = 0; at < content.length; ) {
            assertThat(next()).isEqualTo(new Signal.BundleRead(offer.sha256(), at));
            at += part(offer, at);
        }
    }

    private int part(Signal.BundleOffer offer, long at) {
        int end = (int) Math.min(content.length, at + Signal.BundlePart.PART_BYTES);
        byte[] bytes = Arrays.copyOfRange(content, (int) at, end);
        offered.part(
                new Signal.BundlePart(offer.sha256(), at, Base64.getEncoder().encodeToString(bytes)));
        return bytes.length;
    }

    @Test
    void what_is_offered_is_fetched_given_to_who_replaces_and_told() throws Exception {
        offered.offered(offer());
        deliver(offer());
        outcome(BundleState.REPLACED, "without a gap");
        assertThat(replacing.given).singleElement().isEqualTo(content);
        assertThat(replacing.when).isEqualTo(RuntimeBundles.When.WHEN_IDLE);
        offered.offered(offer());
        outcome(BundleState.REPLACED, "");
        assertThat(replacing.given).as("not tried again").hasSize(1);
    }

    @Test
    void after_a_broken_connection_it_goes_on_where_it_was() throws Exception {
        offered.offered(offer());
        assertThat(next()).isEqualTo(new Signal.BundleRead(offer().sha256(), 0));
        int first = part(offer(), 0);
        next(); // Lost with the connection.
        offered.offered(offer());
        assertThat(next()).isEqualTo(new Signal.BundleRead(offer().sha256(), first));
        part(offer(), 0); // Comes late, and is not wanted any more.
        int at = first + part(offer(), first);
        assertThat(next()).isEqualTo(new Signal.BundleRead(offer().sha256(), at));
        part(offer(), at);
        outcome(BundleState.REPLACED, "");
        assertThat(replacing.given).singleElement().isEqualTo(content);
    }

    @Test
    void what_waits_is_told_when_it_took_over_and_when_it_could_not() throws Exception {
        replacing.busy = true;
        offered.offered(offer());
        deliver(offer());
        outcome(BundleState.WAITING, "sessions: 1");
        offered.look();
        assertThat(said).isEmpty();
        offered.offered(offer());
        outcome(BundleState.WAITING, "");
        replacing.waiting = "";
        offered.look();
        outcome(BundleState.UNDONE, "did not do");
        replacing.waiting = "2.0.0";
        offered.offered(offer());
        outcome(BundleState.WAITING, "");
        replacing.waiting = "";
        replacing.version = "2.0.0";
        offered.look();
        outcome(BundleState.REPLACED, "");
        offered.look();
        assertThat(said).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"UNKNOWN_PUBLISHER, REFUSED", "NOT_SIGNED, REFUSED", "RESTART_NEEDED, REFUSED", "UNHEALTHY, UNDONE"})
    void what_is_not_taken_is_told_with_the_reason(UpdateError why, BundleState state) throws Exception {
        replacing.refusal = new StreamException(why, "for a reason");
        offered.offered(offer());
        deliver(offer());
        outcome(state, why + ": for a reason");
    }

    @Test
    void what_is_of_no_use_here_is_not_fetched() throws Exception {
        Signal.BundleOffer mine = offer();
        offered.offered(new Signal.BundleOffer(mine.sha256(), "another", "2.0.0", 1, false));
        outcome(BundleState.NOT_CONCERNED, "no bundle another");
        offered.offered(new Signal.BundleOffer(mine.sha256(), NAME, "2.0.0", Long.MAX_VALUE, false));
        outcome(BundleState.REFUSED, "bytes");
        here = null;
        offered.offered(mine);
        outcome(BundleState.NOT_CONCERNED, "not set up");
        assertThat(replacing.given).isEmpty();
    }

    @Test
    void what_arrives_wrong_is_refused() throws Exception {
        Signal.BundleOffer mine = offer();
        offered.offered(mine);
        next();
        offered.part(new Signal.BundlePart(mine.sha256(), 0, "not base64!"));
        outcome(BundleState.REFUSED, "did not arrive");
        offered.offered(mine);
        next();
        offered.part(new Signal.BundlePart(mine.sha256(), 0, ""));
        outcome(BundleState.REFUSED, "no more of it");
        offered.offered(mine);
        content[5]++;
        deliver(mine);
        outcome(BundleState.REFUSED, "not what was offered");
        assertThat(replacing.given).isEmpty();
        offered.part(new Signal.BundlePart(mine.sha256(), 0, "AAAA")); // Nobody asked.
        assertThat(said).isEmpty();
    }
}
