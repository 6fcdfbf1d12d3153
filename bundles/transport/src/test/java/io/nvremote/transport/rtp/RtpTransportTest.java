// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.Bitrate;
import io.nvremote.core.CoreError;
import io.nvremote.core.FrameRate;
import io.nvremote.core.StreamException;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.StageStamps;
import io.nvremote.transport.ControlChannel;
import io.nvremote.transport.DatagramSender;
import io.nvremote.transport.Transport;
import io.nvremote.transport.VideoReceiver;
import io.nvremote.transport.VideoSender;
import io.nvremote.transport.VideoSpec;
import java.lang.annotation.Annotation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The service with its own clock and threads; two single threads are the network. */
class RtpTransportTest {

    private final Transport transport = new RtpTransport(config("PT0.05S"));
    private final ExecutorService toClient = Executors.newSingleThreadExecutor();
    private final ExecutorService toHost = Executors.newSingleThreadExecutor();

    @AfterEach
    void close() {
        toClient.close();
        toHost.close();
    }

    @Test
    void units_stamps_key_frame_requests_and_figures_pass_between_real_threads() throws Exception {
        AtomicReference<VideoReceiver> receiver = new AtomicReference<>();
        BlockingQueue<AccessUnit> got = new LinkedBlockingQueue<>();
        BlockingQueue<Boolean> wanted = new LinkedBlockingQueue<>();
        SplittableRandom random = new SplittableRandom(1);
        List<byte[]> sent = new ArrayList<>();
        AtomicReference<VideoSender> sender = new AtomicReference<>();
        receiver.set(transport.receiveVideo(
                Units.spec(),
                d -> pass(d, toHost, b -> {
                    VideoSender to = sender.get();
                    if (to != null) {
                        to.receive(b);
                    }
                }),
                unit -> got.add(Units.unit(Units.copy(unit.data()), unit.keyFrame(), unit.sequence(), unit.stamps()))));
        sender.set(transport.sendVideo(
                Units.spec(), d -> pass(d, toClient, b -> receiver.get().receive(b)), () -> wanted.add(true)));
        for (int i = 0; i < 60; i++) {
            byte[] bytes = Units.bytes(random, i == 0, 30_000);
            sent.add(bytes);
            sender.get().send(Units.unit(bytes, i == 0, i, StageStamps.captured(0, System.nanoTime())));
            AccessUnit unit = got.poll(30, TimeUnit.SECONDS);
            assertThat(unit).isNotNull();
            assertThat(Units.copy(unit.data())).isEqualTo(bytes);
            assertThat(unit.stamps().sentNanos())
                    .isGreaterThanOrEqualTo(unit.stamps().capturedNanos());
        }
        receiver.get().requestKeyFrame();
        assertThat(wanted.poll(30, TimeUnit.SECONDS)).isTrue();
        assertThat(receiver.get().stats().units()).isEqualTo(60);
        assertThat(sender.get().stats().units()).isEqualTo(60);
        sender.get().close();
        receiver.get().close();
        receiver.get().close();
        sender.get().send(Units.unit(sent.getFirst(), true, 61, StageStamps.captured(0, 0)));
        assertThat(got).isEmpty();
    }

    @Test
    void packets_are_as_long_as_the_path_carries_when_they_are_made() throws Exception {
        AtomicInteger path = new AtomicInteger(Units.spec().payloadBytes());
        BlockingQueue<Integer> lengths = new LinkedBlockingQueue<>();
        VideoSender sender = transport.sendVideo(
                Units.spec(),
                new DatagramSender() {
                    @Override
                    public void send(ByteBuffer datagram) {
                        lengths.add(datagram.remaining());
                    }

                    @Override
                    public int maxDatagramBytes() {
                        return path.get();
                    }
                },
                () -> {});
        SplittableRandom random = new SplittableRandom(1);
        int most = Units.spec().payloadBytes();
        for (int carried : new int[] {most, most - 100, most - 240, most, 3 * most}) {
            path.set(carried);
            lengths.clear();
            sender.send(Units.unit(
                    Units.bytes(random, true, 30_000), true, carried, StageStamps.captured(0, System.nanoTime())));
            int longest = 0;
            int bytes = 0;
            while (bytes < 30_000) {
                int length = Objects.requireNonNull(lengths.poll(30, TimeUnit.SECONDS), "all packets leave");
                longest = Math.max(longest, length);
                bytes += length;
            }
            // Two bytes are left for the number that a repair carries.
            assertThat(longest).isEqualTo(Math.min(carried, most) - 2);
        }
        sender.close();
    }

    @Test
    void control_messages_pass_both_ways_in_order() throws Exception {
        AtomicReference<ControlChannel> client = new AtomicReference<>();
        AtomicReference<ControlChannel> host = new AtomicReference<>();
        BlockingQueue<Integer> atHost = new LinkedBlockingQueue<>();
        BlockingQueue<Integer> atClient = new LinkedBlockingQueue<>();
        client.set(transport.control(d -> pass(d, toHost, b -> into(host, b)), m -> atClient.add(m.getInt())));
        host.set(transport.control(d -> pass(d, toClient, b -> into(client, b)), m -> {
            int value = m.getInt();
            atHost.add(value);
            host.get().send(ByteBuffer.allocate(4).putInt(0, -value)); // from inside the listener
        }));
        for (int i = 1; i <= 500; i++) {
            assertThat(client.get().send(ByteBuffer.allocate(4).putInt(0, i))).isTrue();
        }
        for (int i = 1; i <= 500; i++) {
            assertThat(atHost.poll(30, TimeUnit.SECONDS)).isEqualTo(i);
            assertThat(atClient.poll(30, TimeUnit.SECONDS)).isEqualTo(-i);
        }
        client.get().close();
        host.get().close();
        assertThat(client.get().send(ByteBuffer.allocate(4))).isFalse();
    }

    @Test
    void what_it_cannot_carry_is_refused_with_its_rule() {
        VideoSpec spec = new VideoSpec(1, 1200, new FrameRate(60), Bitrate.ofMegabits(20));
        VideoSpec jumbo = new VideoSpec(1, 9000, new FrameRate(60), Bitrate.ofMegabits(20));
        StageStamps none = StageStamps.captured(0, 0);
        try (VideoSender sender = transport.sendVideo(spec, d -> {}, () -> {})) {
            AccessUnit strange = new AccessUnit(new Codec("theora"), ByteBuffer.allocate(1), true, 0, none);
            assertThatThrownBy(() -> sender.send(strange)).hasMessageContaining("theora");
        }
        assertThatThrownBy(() -> transport.sendVideo(jumbo, d -> {}, () -> {})).hasMessageContaining("9000");
    }

    @Test
    void a_wrong_configuration_names_pid_key_value_and_rule() {
        for (String wrong : List.of("soon", "PT0S", "PT1H")) {
            assertThatThrownBy(() -> new RtpTransport(config(wrong)))
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(CoreError.INVALID_CONFIGURATION))
                    .hasMessageContaining("io.nvremote.transport report.interval=" + wrong);
        }
    }

    private static void into(AtomicReference<ControlChannel> to, ByteBuffer datagram) {
        ControlChannel channel = to.get();
        if (channel != null) {
            channel.receive(datagram);
        }
    }

    private static void pass(ByteBuffer datagram, ExecutorService network, java.util.function.Consumer<ByteBuffer> to) {
        byte[] bytes = Units.copy(datagram);
        if (!network.isShutdown()) {
            network.execute(() -> to.accept(ByteBuffer.wrap(bytes)));
        }
    }

    @SuppressWarnings("BadAnnotationImplementation")
    static TransportConfig config(String interval) {
        return new TransportConfig() {
            @Override
            public String report_interval() {
                return interval;
            }

            @Override
            public String repair_deadline() {
                return "PT0.25S";
            }

            @Override
            public String history() {
                return "PT1S";
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return TransportConfig.class;
            }
        };
    }
}
