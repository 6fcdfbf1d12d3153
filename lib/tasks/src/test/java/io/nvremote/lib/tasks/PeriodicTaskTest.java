// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PeriodicTaskTest {

    @Test
    void a_turn_that_fails_does_not_end_the_task_and_closing_does() throws Exception {
        CountDownLatch turns = new CountDownLatch(3);
        AtomicReference<Thread> worker = new AtomicReference<>();
        PeriodicTask task = PeriodicTask.every(Duration.ofMillis(1), "turns", () -> {
            worker.set(Thread.currentThread());
            turns.countDown();
            throw new IllegalStateException("on purpose");
        });
        assertThat(turns.await(1, TimeUnit.MINUTES)).isTrue();
        task.close();
        assertThat(worker.get().join(Duration.ofMinutes(1))).isTrue();
        assertThat(worker.get().getName()).isEqualTo("turns");
    }

    @Test
    void closing_waits_for_the_turn_that_runs_and_no_other_begins() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicInteger ended = new AtomicInteger();
        PeriodicTask task = PeriodicTask.every(Duration.ofMillis(1), "turns", () -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                ended.incrementAndGet();
            }
        });
        begun.await();
        task.close();
        assertThat(ended).hasValue(1);
    }

    @Test
    void a_turn_may_close_its_own_task() throws Exception {
        CompletableFuture<PeriodicTask> made = new CompletableFuture<>();
        CountDownLatch closed = new CountDownLatch(1);
        AtomicInteger turns = new AtomicInteger();
        AtomicReference<Thread> worker = new AtomicReference<>();
        made.complete(PeriodicTask.every(Duration.ofMillis(1), "turns", () -> {
            worker.set(Thread.currentThread());
            turns.incrementAndGet();
            made.join().close();
            closed.countDown();
        }));
        closed.await();
        assertThat(worker.get().join(Duration.ofMinutes(1))).isTrue();
        assertThat(turns).hasValue(1);
    }
}
