// SPDX-License-Identifier: Apache-2.0
package io.nvremote.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.nvremote.core.StreamException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CounterTest {

    private static final Metric SENT = Metric.of("acme_sent_bytes", "bytes", "Bytes sent.", "path");

    private final List<String> told = new ArrayList<>();
    private final MetricReport report = new MetricReport() {
        @Override
        public void counter(Metric metric, long value, String... labelValues) {
            told.add(metric.name() + List.of(labelValues) + "=" + value);
        }

        @Override
        public void gauge(Metric metric, double value, String... labelValues) {
            told.add("a gauge");
        }
    };

    /** Each goes on until all have counted a good while, so that they do so at the same time on a busy machine too. */
    @Test
    void nothing_is_lost_when_many_threads_count() throws InterruptedException {
        Counter counter = new Counter(SENT, "relay");
        AtomicLong expected = new AtomicLong();
        CountDownLatch busy = new CountDownLatch(4);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                long rounds = 0;
                do {
                    count(counter);
                    if (++rounds == 10) {
                        busy.countDown();
                    }
                } while (busy.getCount() > 0);
                expected.addAndGet(rounds * 300_000);
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        counter.report(report);
        assertThat(told).containsExactly("acme_sent_bytes[relay]=" + expected);
    }

    @Test
    void a_counter_never_goes_down() {
        Counter counter = new Counter(SENT, "relay");
        counter.add(5);
        counter.add(-3);
        assertThat(counter.value()).isEqualTo(5);
    }

    @Test
    void counting_allocates_nothing() {
        Counter counter = new Counter(SENT, "relay");
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        count(counter); // What is made once is made here.
        long before = threads.getCurrentThreadAllocatedBytes();
        count(counter);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                .as("bytes for 200,000 calls; the measure itself takes a few")
                .isLessThan(10_000);
    }

    private static void count(Counter counter) {
        for (int i = 0; i < 100_000; i++) {
            counter.increment();
            counter.add(2);
        }
    }

    @Test
    void label_values_fit_the_labels() {
        assertThatThrownBy(() -> new Counter(SENT))
                .isInstanceOf(StreamException.class)
                .hasMessageContaining("acme_sent_bytes with 0 label values");
    }

    @Test
    void names_follow_the_rules_of_the_trade() {
        assertThat(Metric.of("acme_queue", "", "Frames that wait.").labels()).isEmpty();
        refused(() -> Metric.of("queue", "", "Frames that wait."));
        refused(() -> Metric.of("Acme_queue", "", "Frames that wait."));
        refused(() -> Metric.of("acme_frames_total", "", "Frames."));
        refused(() -> Metric.of("acme_sent", "bytes", "Bytes sent."));
        refused(() -> Metric.of("acme_queue", "", " "));
        refused(() -> Metric.of("acme_queue", "", "Frames that wait.", "le"));
        refused(() -> Metric.of("acme_queue", "", "Frames that wait.", "__name__"));
        refused(() -> Metric.of("acme_queue", "", "Frames that wait.", "a", "a"));
    }

    private static void refused(Runnable made) {
        assertThatThrownBy(made::run).isInstanceOf(StreamException.class).hasMessageContaining("must be");
    }
}
