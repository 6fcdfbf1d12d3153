// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.links;

import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.StageStamps;
import io.nvremote.tests.bench.Parts;
import io.nvremote.transport.Transport;
import io.nvremote.transport.VideoFeedback;
import io.nvremote.transport.VideoSender;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The host's end: an encoder that obeys, full motion at 8 Mbit/s, key frames many times as large as the rest. Prints
 * {@code keys=N target=BITS lost=FIRST-LAST,...} five times a second.
 */
final class StreamHost {

    private static final int LEAST_KEY_FRAME = 15_000;

    private final SplittableRandom random = new SplittableRandom(3);
    private final AtomicBoolean keyFrame = new AtomicBoolean(true);
    private final AtomicLong target = new AtomicLong(StreamEnd.STREAM);
    private final Queue<String> lost = new ConcurrentLinkedQueue<>();

    private StreamHost() {}

    public static void main(String[] arguments) throws IOException {
        StreamEnd socket = new StreamEnd(arguments[0]);
        StreamHost host = new StreamHost();
        VideoSender sender =
                Parts.make(Transport.class, Map.of()).sendVideo(StreamEnd.SPEC, socket::send, host.new Feedback());
        Thread.ofPlatform().daemon().start(() -> socket.receive(sender::receive));
        host.encode(sender);
    }

    @SuppressWarnings("SystemOut") // how its parent hears it
    private void encode(VideoSender sender) {
        Clock clock = Clock.system();
        long keys = 0;
        for (long sequence = 0; true; ) {
            Duration pause = sender.pause();
            if (pause.isPositive()) {
                clock.sleep(pause.compareTo(Duration.ofMillis(20)) < 0 ? pause : Duration.ofMillis(20));
                continue;
            }
            boolean key = keyFrame.getAndSet(false);
            keys += key ? 1 : 0;
            int mean = (int) (target.get() / 8 / StreamEnd.RATE);
            long now = clock.nanos();
            sender.send(new AccessUnit(
                    Codec.H264,
                    ByteBuffer.wrap(picture(key, key ? Math.max(LEAST_KEY_FRAME, 4 * mean) : mean)),
                    key,
                    sequence++,
                    new StageStamps(now, now, now, now, 0)));
            if (sequence % (StreamEnd.RATE / 5) == 0) {
                System.out.println("keys=" + keys + " target=" + target.get() + " lost=" + String.join(",", lost));
            }
            clock.sleep(Duration.ofNanos(1_000_000_000L / StreamEnd.RATE));
        }
    }

    /** The shape of H.264 with random bytes that hold no start code. */
    private byte[] picture(boolean key, int bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        nal(out, 9, 1);
        if (key) {
            nal(out, 0x67, 20);
            nal(out, 0x68, 4);
        }
        nal(out, key ? 0x65 : 0x41, bytes);
        return out.toByteArray();
    }

    private void nal(ByteArrayOutputStream out, int header, int bytes) {
        out.writeBytes(new byte[] {0, 0, 0, 1, (byte) header});
        for (int i = 0; i < bytes; i++) {
            out.write(1 + random.nextInt(255));
        }
    }

    /** What the receiver asks for. */
    private final class Feedback implements VideoFeedback {

        @Override
        public void keyFrameWanted() {
            keyFrame.set(true);
        }

        @Override
        public void lost(long firstSequence, long lastSequence) {
            lost.add(firstSequence + "-" + lastSequence);
        }

        @Override
        public void targetBitrate(Bitrate bitrate) {
            target.set(bitrate.bitsPerSecond());
        }
    }
}
