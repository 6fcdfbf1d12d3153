// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.lib.plugins.OpenPlugin;
import io.nvremote.lib.services.PluginFault;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.media.Codec;
import io.nvremote.media.Size;
import io.nvremote.updates.PluginUse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What every kind of plugin's session has of its base, shown with a kind that is made up. */
class OpenPluginTest {

    private final AtomicInteger inUse = new AtomicInteger();
    private final List<Duration> calls = new ArrayList<>();
    private long allocated;
    private final List<String> story = new ArrayList<>();
    private final ServiceWatch watch = new ServiceWatch() {
        @Override
        public void failed(ServiceCandidate<?> service, String reason) {
            story.add("failed");
        }

        @Override
        public PluginUse inUse(ServiceCandidate<?> service) {
            inUse.incrementAndGet();
            return new PluginUse() {
                @Override
                public void called(long nanos, long allocatedBytes) {
                    calls.add(Duration.ofNanos(nanos));
                    allocated += allocatedBytes;
                }

                @Override
                public void close() {
                    inUse.decrementAndGet();
                }
            };
        }
    };

    private final class OpenSound extends OpenPlugin<Supplier<AutoCloseable>, AutoCloseable> {
        OpenSound(Supplier<AutoCloseable> plugin) {
            super(Fakes.offered(plugin, 1, 0, "sound", "sound", "1.0.0"), watch);
            openBy(Supplier::get);
        }

        void costs(Duration wait, Asked<Integer> asked) {
            ask(wait, asked);
        }
    }

    @Test
    void it_is_in_use_until_it_is_closed_and_closed_once() {
        OpenSound open = new OpenSound(() -> () -> story.add("closed"));
        assertThat(inUse).hasValue(1);
        open.closeQuietly();
        open.closeQuietly();
        assertThat(inUse).hasValue(0);
        assertThat(story).containsExactly("closed");
    }

    @Test
    void what_does_not_open_is_in_use_no_more() {
        assertThatThrownBy(() -> new OpenSound(() -> {
                    throw new LinkageError("made up");
                }))
                .isInstanceOf(PluginFault.class);
        assertThatThrownBy(() -> new OpenSound(() -> null))
                .isInstanceOf(PluginFault.class)
                .hasMessage("opened nothing");
        assertThat(inUse).hasValue(0);
    }

    @Test
    void what_does_not_close_is_in_use_no_more_and_throws_nothing() {
        OpenSound open = new OpenSound(() -> () -> {
            throw new AssertionError("made up");
        });
        open.closeQuietly();
        assertThat(inUse).hasValue(0);
    }

    /** A use that never ends counts as a death in use at the next start. */
    @Test
    void an_encoder_that_opens_no_session_is_in_use_no_more() {
        Encoder none = (spec, sink) -> null;
        ServiceCandidate<Encoder> offered = Fakes.offered(none, 2, 0, "h264", "none", "1.0.0");
        Bitrate rate = Bitrate.ofMegabits(1);
        EncodeSpec spec = EncodeSpec.of(Codec.H264, new Size(64, 64), new FrameRate(30), rate);
        assertThatThrownBy(() -> new OpenEncoder(offered, spec, rate, false, watch))
                .isInstanceOf(PluginFault.class);
        assertThat(inUse).hasValue(0);
    }

    @Test
    void each_call_is_measured_with_what_it_allocates_also_if_it_throws() {
        AtomicInteger kept = new AtomicInteger();
        OpenSound open = new OpenSound(() -> () -> {
            kept.set(new byte[1_000_000].length);
            throw new IllegalStateException("made up");
        });
        assertThat(calls).as("opening may take its time").isEmpty();
        open.closeQuietly();
        assertThat(calls).hasSize(1);
        assertThat(allocated).isBetween(1_000_000L, 1_500_000L);
    }

    /** A source calls us back with its picture, and we encode it then and there. */
    @Test
    void what_is_ours_within_a_call_is_not_the_plugins() {
        OpenSound open = new OpenSound(() -> () -> {});
        AtomicInteger kept = new AtomicInteger();
        open.costs(Duration.ZERO, cost -> {
            cost.without(() -> kept.set(new byte[5_000_000].length));
            return kept.addAndGet(new byte[100_000].length);
        });
        assertThat(kept).hasValue(5_100_000);
        assertThat(allocated).isBetween(100_000L, 1_000_000L);
        open.costs(Duration.ofDays(1), cost -> kept.get());
        assertThat(calls.getLast()).as("it was asked to wait").isZero();
    }
}
