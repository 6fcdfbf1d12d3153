// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gpu.nvml;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.gpu.GpuFault;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens to the faults of all GPUs that tell of them, in a thread of its own; each is in the log. Safe for any thread. */
final class FaultWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FaultWatch.class);

    /** A wait in the driver can't be interrupted: this is how late a close is heard. */
    private static final Duration SLICE = Duration.ofMillis(500);

    private static final Duration STOP = Duration.ofSeconds(2);

    private final NvmlEvents events;
    private final Clock clock;
    private final Map<String, GpuFault> last = new ConcurrentHashMap<>();
    private final Map<String, Long> counts = new ConcurrentHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofPlatform().daemon().name("gpu-faults").unstarted(this::listen);
    private volatile @Nullable GpuFault latest;

    private FaultWatch(NvmlEvents events, Clock clock) {
        this.events = events;
        this.clock = clock;
    }

    /** Begins to listen, if there is a GPU that tells; says of each that does not why. */
    static FaultWatch start(NvmlLibrary library, Clock clock) {
        FaultWatch watch = new FaultWatch(new NvmlEvents(library), clock);
        watch.events.deaf().forEach((gpu, why) -> LOG.atInfo()
                .addKeyValue(Keys.GPU, gpu)
                .addKeyValue(Keys.REASON, why)
                .log("faults of this GPU are not heard of"));
        if (watch.events.heard() > 0) {
            watch.thread.start();
        } else {
            watch.events.close();
        }
        return watch;
    }

    private void listen() {
        boolean failed = false;
        try (events) {
            while (closing.getCount() > 0) {
                try {
                    GpuFault fault = events.next(SLICE, clock);
                    failed = false;
                    if (fault != null) {
                        take(fault);
                    }
                } catch (IllegalStateException e) {
                    if (!failed) {
                        LOG.atWarn()
                                .addKeyValue(Keys.REASON, e.getMessage())
                                .log("faults of GPUs are not heard of now");
                    }
                    failed = true;
                    closing.await(SLICE.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            LOG.atDebug().log("somebody interrupted the thread that hears of GPUs' faults"); // nobody of ours does
        }
    }

    private void take(GpuFault fault) {
        last.put(fault.gpu(), fault);
        counts.merge(fault.gpu(), 1L, Long::sum);
        latest = fault;
        LOG.atWarn()
                .addKeyValue(Keys.GPU, fault.gpu())
                .addKeyValue(Keys.XID, fault.xid())
                .log("the driver tells of a fault of a GPU");
    }

    Optional<GpuFault> latest() {
        return Optional.ofNullable(latest);
    }

    /** The last of a GPU, by its UUID. */
    @Nullable
    GpuFault last(String gpu) {
        return last.get(gpu);
    }

    long count(String gpu) {
        return counts.getOrDefault(gpu, 0L);
    }

    /** Idempotent. */
    @Override
    public void close() {
        closing.countDown();
        if (events.heard() == 0) {
            return; // never begun
        }
        try {
            thread.join(STOP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
