// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.store.StoreError;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Runs the steps of all providers, in a virtual thread of its own: at first when those that were announced are all there, and
 * as often as it takes; later those of each provider that comes. The schema is current from the first time on: what fails
 * later costs the provider whose it is.
 *
 * <p><b>Threads.</b> Safe for any thread.
 */
final class Schema implements AutoCloseable {

    /** The schema that holds every table. */
    static final String NAME = "nvremote";

    private static final Logger LOG = LoggerFactory.getLogger(Schema.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    /** Bundles of a runtime start one after the other; from then on it is worth a line who is missing. */
    private static final Duration GATHERING = Duration.ofSeconds(20);

    private final Supplier<Map<String, String>> announced;
    private final DataSource owner;
    private final DataSource app;
    private final Clock clock;
    private final Thread keeper;
    /** Of the keeper alone. */
    private final Set<ProviderSteps> done = new HashSet<>();

    private final Object changed = new Object();
    // Guarded by `changed`.
    private final List<ProviderSteps> providers = new ArrayList<>();
    /** Counts the changes of {@code providers}. */
    private int wanted;
    /** The change up to which everybody had a try. */
    private int tried;

    /** Bundles that were announced and have brought nothing yet. */
    private List<String> awaited = List.of();

    private boolean current;
    private boolean closed;
    private @Nullable StreamException failure;

    /** @param announced whose steps to wait for at first: provider to bundle */
    Schema(Supplier<Map<String, String>> announced, DataSource owner, DataSource app, Clock clock) {
        this.announced = announced;
        this.owner = owner;
        this.app = app;
        this.clock = clock;
        this.keeper = Thread.ofVirtual().name("store-schema").unstarted(this::keep);
    }

    void start() {
        keeper.start();
    }

    /** From now on calls wait until these steps were tried. */
    void add(ProviderSteps steps) {
        synchronized (changed) {
            providers.add(steps);
            wanted++;
            changed.notifyAll();
        }
    }

    /** What the steps made stays. */
    void remove(ProviderSteps steps) {
        synchronized (changed) {
            providers.remove(steps);
        }
    }

    /** Returns when the schema is current, or fails after {@code patience} with the reason why it is not. */
    void await(Duration patience) {
        synchronized (changed) {
            long end = clock.nanos() + patience.toNanos();
            while (!current || tried < wanted) {
                long left = (end - clock.nanos()) / 1_000_000;
                if (left <= 0 || closed) {
                    throw failure != null
                            ? failure
                            : new StreamException(StoreError.UNAVAILABLE, "the database is being brought up to date");
                }
                if (!pause(left)) {
                    throw new StreamException(StoreError.UNAVAILABLE, "interrupted while waiting for the database");
                }
            }
        }
    }

    boolean current() {
        synchronized (changed) {
            return current;
        }
    }

    /** What is waited for before anything is tried, in a sentence; empty when nothing is. */
    Optional<String> waitingFor() {
        synchronized (changed) {
            return awaited.isEmpty()
                    ? Optional.empty()
                    : Optional.of("the store waits for the tables of these bundles: " + awaited);
        }
    }

    private void keep() {
        Duration pause = FIRST_PAUSE;
        if (!gathered()) {
            return;
        }
        while (true) {
            int upTo;
            List<ProviderSteps> those;
            synchronized (changed) {
                if (closed) {
                    return;
                }
                upTo = wanted;
                those = List.copyOf(providers);
            }
            boolean whole = false;
            try {
                run(those);
                whole = true;
            } catch (SQLException | RuntimeException e) {
                failed(SqlFailures.coded(e));
            }
            synchronized (changed) {
                current |= whole;
                tried = current ? upTo : tried;
                if (whole) {
                    failure = null;
                }
                changed.notifyAll();
                pause = whole ? FIRST_PAUSE : longer(pause);
                if (upTo == wanted && !closed) {
                    pause(whole ? 0 : pause.toMillis());
                }
            }
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }

    /** Waits until everybody who was announced has brought steps; false if closed before. */
    private boolean gathered() {
        long told = clock.nanos() + GATHERING.toNanos();
        while (true) {
            Map<String, String> missing = new TreeMap<>(announced.get());
            synchronized (changed) {
                providers.forEach(each -> missing.remove(each.provider()));
                if (closed || missing.isEmpty()) {
                    awaited = List.of();
                    return !closed;
                }
                awaited = List.copyOf(missing.values());
                failure =
                        new StreamException(StoreError.UNAVAILABLE, waitingFor().orElseThrow());
                pause(FIRST_PAUSE.toMillis());
            }
            if (clock.nanos() - told >= 0) {
                told = Long.MAX_VALUE;
                LOG.atWarn()
                        .addKeyValue("bundles", missing.values())
                        .log("these bundles keep tables and have not started; the database is not used before");
            }
        }
    }

    /** One try for everybody whose steps were not run; who requires one that failed is left out. */
    private void run(List<ProviderSteps> all) throws SQLException {
        List<ProviderSteps> order = SchemaOrder.of(all);
        done.retainAll(order);
        List<ProviderSteps> due = order.stream().filter(p -> !done.contains(p)).toList();
        if (due.isEmpty()) {
            return;
        }
        long began = clock.nanos();
        int steps = 0;
        Set<String> left = new HashSet<>();
        RuntimeException first = null;
        try (SchemaRun run = SchemaRun.open(owner, app)) {
            for (ProviderSteps provider : due) {
                if (provider.requires().stream().anyMatch(left::contains)) {
                    left.add(provider.provider());
                    continue;
                }
                try {
                    steps += run.apply(provider);
                    done.add(provider);
                } catch (RuntimeException e) {
                    left.add(provider.provider());
                    first = first == null ? e : first;
                }
            }
        }
        if (first != null) {
            throw first;
        }
        LOG.atInfo()
                .addKeyValue(
                        "providers", due.stream().map(ProviderSteps::provider).toList())
                .addKeyValue(Keys.COUNT, steps)
                .addKeyValue(Keys.DURATION_MILLIS, (clock.nanos() - began) / 1_000_000)
                .log("schema is current");
    }

    private void failed(StreamException coded) {
        boolean news;
        synchronized (changed) {
            StreamException last = failure;
            news = last == null || !String.valueOf(last.getMessage()).equals(coded.getMessage());
            failure = coded;
        }
        if (news) {
            // A database that is still starting is no news, and what the server lacks is told by its reason.
            boolean expected = coded.code() == StoreError.UNAVAILABLE;
            boolean ours = coded.code() == StoreError.MIGRATION_FAILED || coded.code() == StoreError.FAILED;
            LoggingEventBuilder line = expected ? LOG.atInfo() : LOG.atError();
            (ours ? line.setCause(coded) : line)
                    .addKeyValue(Keys.CODE, coded.code().name())
                    .addKeyValue(Keys.REASON, coded.getMessage())
                    .addKeyValue("advice", coded.code().advice())
                    .log("schema is not current yet; trying again");
        }
    }

    /** Waits for a change; 0 for as long as it takes. Holds {@code changed}; false if interrupted. */
    @SuppressWarnings("WaitNotInLoop") // the callers loop
    private boolean pause(long millis) {
        try {
            changed.wait(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Stops trying. Idempotent. */
    @Override
    public void close() {
        synchronized (changed) {
            closed = true;
            changed.notifyAll();
        }
        keeper.interrupt();
        try {
            if (!keeper.join(Duration.ofSeconds(2))) {
                LOG.atWarn().log("a migration is still running");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
