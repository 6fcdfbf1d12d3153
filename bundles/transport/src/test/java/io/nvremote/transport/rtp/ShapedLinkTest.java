// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.core.FrameRate;
import io.nvremote.media.StageStamps;
import io.nvremote.transport.DatagramSender;
import io.nvremote.transport.VideoFeedback;
import io.nvremote.transport.VideoReceiver;
import io.nvremote.transport.VideoSender;
import io.nvremote.transport.VideoSpec;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sender and receiver with their threads and clocks, over real sockets and a link narrower than the stream. */
class ShapedLinkTest {

    private static final long STREAM = 8_000_000;
    private static final int RATE = 30;

    private final Clock clock = Clock.system();
    private final AtomicLong pictures = new AtomicLong();
    private final AtomicLong keyFrames = new AtomicLong();
    private final AtomicBoolean keyFrame = new AtomicBoolean(true);
    private final AtomicLong target = new AtomicLong(STREAM);
    private final AtomicBoolean playing = new AtomicBoolean(true);

    @ParameterizedTest
    @CsvSource({"9, 50", "4, 50", "2, 200", "1, 500"})
    void a_link_narrower_than_the_stream_shows_pictures_and_makes_few_key_frames(double megabits, int queueMillis)
            throws Exception {
        play(megabits, queueMillis, link -> {
            await("pictures", () -> pictures.get() >= 60);
            await("the encoder hears of it", () -> target.get() < megabits * 1e6);
            long made = keyFrames.get();
            long before = pictures.get();
            await("pictures go on", () -> pictures.get() >= before + 100);
            assertThat(keyFrames.get() - made)
                    .as("key frames in a hundred pictures")
                    .isLessThan(20);
        });
    }

    @Test
    void a_link_that_becomes_wide_gets_the_whole_stream_again() throws Exception {
        play(2, 100, link -> {
            await("the encoder hears of it", () -> target.get() < 2_000_000);
            link.megabits(200);
            await("it comes back by itself", () -> target.get() == STREAM);
        });
    }

    private void play(double megabits, int queueMillis, Consumer<ShapedLink> test) throws Exception {
        VideoSpec spec = new VideoSpec(Units.SSRC, 1172, new FrameRate(RATE), new Bitrate(STREAM));
        RtpTransport transport = new RtpTransport(RtpTransportTest.config("PT0.05S"));
        try (DatagramSocket host = open();
                DatagramSocket client = open();
                ShapedLink link = new ShapedLink(at(host), at(client), megabits, queueMillis, 10)) {
            VideoSender sender = transport.sendVideo(spec, to(host, link.front()), new VideoFeedback() {
                @Override
                public void keyFrameWanted() {
                    keyFrame.set(true);
                }

                @Override
                public void targetBitrate(Bitrate bitrate) {
                    target.set(bitrate.bitsPerSecond());
                }
            });
            VideoReceiver receiver =
                    transport.receiveVideo(spec, to(client, link.back()), unit -> pictures.incrementAndGet());
            listen(host, sender::receive);
            listen(client, receiver::receive);
            Thread encoder = Thread.ofPlatform().daemon().start(() -> encode(sender));
            try {
                test.accept(link);
            } finally {
                playing.set(false);
                encoder.join();
                receiver.close();
                sender.close();
            }
        }
    }

    /** An encoder that obeys: full motion, key frames many times as large as the rest. */
    private void encode(VideoSender sender) {
        SplittableRandom random = new SplittableRandom(3);
        for (long sequence = 0; playing.get(); ) {
            Duration pause = sender.pause();
            if (pause.isPositive()) {
                clock.sleep(pause.compareTo(Duration.ofMillis(20)) < 0 ? pause : Duration.ofMillis(20));
                continue;
            }
            boolean key = keyFrame.getAndSet(false);
            keyFrames.addAndGet(key ? 1 : 0);
            int mean = (int) (target.get() / 8 / RATE);
            byte[] bytes = Units.bytes(random, key, key ? Math.max(15_000, 4 * mean) : mean);
            long now = clock.nanos();
            sender.send(Units.unit(bytes, key, sequence++, new StageStamps(now, now, now, now, 0)));
            clock.sleep(Duration.ofNanos(1_000_000_000L / RATE));
        }
    }

    private static DatagramSocket open() throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setReceiveBufferSize(4 << 20);
        return socket;
    }

    private static InetSocketAddress at(DatagramSocket socket) {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    private static DatagramSender to(DatagramSocket from, InetSocketAddress target) {
        return datagram -> {
            byte[] bytes = Units.copy(datagram);
            try {
                from.send(new DatagramPacket(bytes, bytes.length, target));
            } catch (IOException e) {
                assertThat(from.isClosed()).as("the socket fails: " + e).isTrue();
            }
        };
    }

    private static void listen(DatagramSocket socket, Consumer<ByteBuffer> to) {
        Thread.ofPlatform().daemon().start(() -> {
            DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
            while (!socket.isClosed()) {
                try {
                    socket.receive(packet);
                } catch (IOException e) {
                    return; // closed
                }
                to.accept(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
            }
        });
    }

    private void await(String what, BooleanSupplier state) {
        long end = clock.nanos() + Duration.ofMinutes(2).toNanos();
        while (!state.getAsBoolean()) {
            assertThat(clock.nanos() - end)
                    .as("%s: %s pictures, %s key frames, target %s", what, pictures, keyFrames, target)
                    .isNegative();
            clock.sleep(Duration.ofMillis(20));
        }
    }
}
