// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.Signal.BundleState;
import io.nvremote.updates.BundleChange;
import io.nvremote.updates.BundleReport;
import io.nvremote.updates.RuntimeBundles;
import io.nvremote.updates.UpdateError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bundles of this host that the control plane offers in other versions. The bytes are fetched part by part and given to whoever replaces
 * bundles here, which takes only what is signed by somebody whom this host's operator trusts: the control plane has no say in that. What was
 * decided is told at each offer of the same, also after a restart.
 *
 * <p><b>Threads.</b> Safe for any; takes over on a thread of its own, which goes on while this very bundle is replaced.
 */
final class OfferedBundles {

    private static final Logger LOG = LoggerFactory.getLogger(OfferedBundles.class);
    private static final long MOST_BYTES = 256L << 20;

    private final Supplier<@Nullable RuntimeBundles> bundles;
    private final Path folder;
    private final Consumer<Signal> out;
    private @Nullable Fetching fetching; // guarded by this
    /** Taken, and waiting for a quiet moment; by digest. */
    private final Map<String, Signal.BundleOffer> waiting = new ConcurrentHashMap<>();

    /** One jar that arrives in parts. */
    private record Fetching(Signal.BundleOffer offer, Path file, long arrived) {}

    /** @param out sends to the control plane if it can be reached now */
    OfferedBundles(Supplier<@Nullable RuntimeBundles> bundles, Path data, Consumer<Signal> out) {
        this.bundles = bundles;
        this.folder = data.resolve("offered");
        this.out = out;
    }

    synchronized void offered(Signal.BundleOffer offer) {
        Signal.BundleOutcome known = known(offer);
        Fetching begun = fetching;
        if (known != null) {
            out.accept(known);
        } else if (begun != null && begun.offer().sha256().equals(offer.sha256())) {
            next(begun); // By another connection than before: on from where it broke.
        } else {
            begin(offer);
        }
    }

    /** What can be said at once; null if it has to be tried. */
    private Signal.@Nullable BundleOutcome known(Signal.BundleOffer offer) {
        RuntimeBundles here = bundles.get();
        if (here == null) {
            return outcome(offer, BundleState.NOT_CONCERNED, "this host is not set up for updates of single bundles");
        }
        BundleReport running = here.list().stream()
                .filter(each -> each.name().equals(offer.name()))
                .findFirst()
                .orElse(null);
        if (running == null) {
            return outcome(offer, BundleState.NOT_CONCERNED, "this host has no bundle " + offer.name());
        }
        if (running.version().equals(offer.version())) {
            return outcome(offer, BundleState.REPLACED, "");
        }
        if (running.waiting().equals(offer.version())) {
            waiting.put(offer.sha256(), offer);
            return outcome(offer, BundleState.WAITING, "until nothing ends with it, or the next start");
        }
        if (offer.bytes() > MOST_BYTES) {
            return outcome(offer, BundleState.REFUSED, "it has more than " + MOST_BYTES + " bytes");
        }
        return null;
    }

    private void begin(Signal.BundleOffer offer) {
        try {
            discard();
            Files.createDirectories(folder);
            Path file = folder.resolve(offer.sha256() + ".jar");
            Files.deleteIfExists(file);
            Files.createFile(file);
            Fetching begun = new Fetching(offer, file, 0);
            fetching = begun;
            next(begun);
        } catch (IOException e) {
            fetching = null;
            out.accept(outcome(offer, BundleState.REFUSED, "it can't be kept: " + e));
        }
    }

    private void next(Fetching begun) {
        out.accept(new Signal.BundleRead(begun.offer().sha256(), begun.arrived()));
    }

    synchronized void part(Signal.BundlePart part) {
        Fetching begun = fetching;
        if (begun == null || !begun.offer().sha256().equals(part.sha256()) || part.offset() != begun.arrived()) {
            return; // Asked for before a connection broke.
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(part.data());
            long arrived = begun.arrived() + bytes.length;
            if (bytes.length == 0 || arrived > begun.offer().bytes()) {
                throw new IOException("the control plane has no more of it, or more than it said");
            }
            try (FileChannel channel = FileChannel.open(begun.file(), StandardOpenOption.WRITE)) {
                channel.position(begun.arrived());
                ByteBuffer content = ByteBuffer.wrap(bytes);
                while (content.hasRemaining()) {
                    channel.write(content);
                }
            }
            Fetching now = new Fetching(begun.offer(), begun.file(), arrived);
            fetching = now;
            if (arrived < begun.offer().bytes()) {
                next(now);
            } else {
                fetching = null;
                Thread.ofVirtual().name("bundle-offered").start(() -> take(now));
            }
        } catch (IOException | IllegalArgumentException e) {
            discard();
            out.accept(outcome(begun.offer(), BundleState.REFUSED, "it did not arrive: " + e.getMessage()));
        }
    }

    private void discard() {
        Fetching begun = fetching;
        fetching = null;
        if (begun != null) {
            delete(begun.file());
        }
    }

    private void take(Fetching whole) {
        Signal.BundleOffer offer = whole.offer();
        Signal.BundleOutcome came;
        try {
            came = taken(whole);
        } catch (StreamException e) {
            BundleState state = e.code() == UpdateError.UNHEALTHY ? BundleState.UNDONE : BundleState.REFUSED;
            came = outcome(offer, state, e.code().name() + ": " + e.getMessage());
        } catch (IOException e) {
            came = outcome(offer, BundleState.REFUSED, "it can't be read: " + e);
        } finally {
            delete(whole.file());
        }
        LOG.atInfo()
                .addKeyValue(Keys.BUNDLE, offer.name())
                .addKeyValue(Keys.VERSION, offer.version())
                .addKeyValue("state", came.outcome())
                .addKeyValue(Keys.REASON, came.detail())
                .log("bundle offered by the control plane");
        out.accept(came);
    }

    private Signal.BundleOutcome taken(Fetching whole) throws IOException {
        Signal.BundleOffer offer = whole.offer();
        RuntimeBundles here = bundles.get();
        if (here == null) {
            return outcome(offer, BundleState.NOT_CONCERNED, "this host is not set up for updates of single bundles");
        }
        if (!offer.sha256().equals(digest(whole.file()))) {
            return outcome(offer, BundleState.REFUSED, "what arrived is not what was offered");
        }
        RuntimeBundles.When when = offer.atRestart() ? RuntimeBundles.When.AT_RESTART : RuntimeBundles.When.WHEN_IDLE;
        BundleChange change = here.update(whole.file(), when, false);
        if (change.state() == BundleChange.State.WAITING) {
            waiting.put(offer.sha256(), offer);
            return outcome(offer, BundleState.WAITING, change.detail());
        }
        return outcome(offer, BundleState.REPLACED, change.detail());
    }

    /** Looks whether what waited has taken over, or could not. For a thread that comes back to it. */
    void look() {
        RuntimeBundles here = bundles.get();
        if (waiting.isEmpty() || here == null) {
            return;
        }
        List<BundleReport> now = here.list();
        waiting.forEach((sha256, offer) -> now.stream()
                .filter(each ->
                        each.name().equals(offer.name()) && !each.waiting().equals(offer.version()))
                .findFirst()
                .ifPresent(each -> {
                    waiting.remove(sha256);
                    boolean runs = each.version().equals(offer.version());
                    out.accept(outcome(
                            offer,
                            runs ? BundleState.REPLACED : BundleState.UNDONE,
                            runs ? "" : last(here, offer.name())));
                }));
    }

    private static String last(RuntimeBundles here, String name) {
        return here.history().stream()
                .filter(change -> change.name().equals(name))
                .reduce((before, after) -> after)
                .map(BundleChange::detail)
                .orElse("it does not wait any more");
    }

    private static Signal.BundleOutcome outcome(Signal.BundleOffer offer, BundleState state, String detail) {
        return new Signal.BundleOutcome(offer.sha256(), state, detail.substring(0, Math.min(1000, detail.length())));
    }

    private static String digest(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK lacks SHA-256", e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.atDebug().addKeyValue(Keys.FILE, file).log("an offered bundle stays in its folder until the next one");
        }
    }
}
