// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.glass;

import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.Codec;
import io.nvremote.media.Size;
import io.nvremote.tests.bench.Child;
import io.nvremote.tests.bench.Parts;
import io.nvremote.transport.Transport;
import io.nvremote.transport.VideoFeedback;
import io.nvremote.transport.VideoSender;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The host's half of our chain as a process: capture, encode, packetise, send. Arguments: display, local port, peer port,
 * pictures a second, bits a second.
 */
final class HostEnd {

    private HostEnd() {}

    @SuppressWarnings("SystemOut") // how the parent learns that it runs
    public static void main(String[] arguments) throws IOException {
        Child.endWithParent();
        Size size = new Size(GlassBench.WIDTH, GlassBench.HEIGHT);
        FrameRate rate = new FrameRate(Integer.parseInt(arguments[3]));
        Bitrate bitrate = new Bitrate(Long.parseLong(arguments[4]));
        Loopback socket = Loopback.open(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        CaptureSession capture =
                Parts.make(CaptureSource.class, Map.of()).open(new CaptureSpec(arguments[0], size, rate));
        Wishes wishes = new Wishes(capture);
        VideoSender sender =
                Parts.make(Transport.class, Map.of()).sendVideo(ClientEnd.spec(rate, bitrate), socket::send, wishes);
        EncoderSession encoder =
                Parts.make(Encoder.class, Map.of()).open(EncodeSpec.of(Codec.H264, size, rate, bitrate), sender::send);
        Thread.ofPlatform().daemon().name("bench-feedback").start(() -> {
            ByteBuffer datagram = ByteBuffer.allocateDirect(65_536);
            while (socket.receive(datagram)) {
                sender.receive(datagram);
            }
        });
        System.out.println("READY");
        while (true) {
            Duration pause = sender.pause();
            if (pause.isPositive()) {
                LockSupport.parkNanos(pause.toNanos());
                continue;
            }
            Bitrate target = wishes.target.getAndSet(null);
            if (target != null) {
                encoder.retarget(target);
            }
            capture.grab(Duration.ofMillis(100), frame -> encoder.encode(frame, wishes.keyFrame.getAndSet(false)));
        }
    }

    /** What the client's reports ask for, as the host agent obeys it. */
    private static final class Wishes implements VideoFeedback {

        final AtomicBoolean keyFrame = new AtomicBoolean();
        final AtomicReference<@Nullable Bitrate> target = new AtomicReference<>();
        private final CaptureSession capture;

        Wishes(CaptureSession capture) {
            this.capture = capture;
        }

        @Override
        public void keyFrameWanted() {
            keyFrame.set(true);
            capture.refresh();
        }

        @Override
        public void targetBitrate(Bitrate bitrate) {
            target.set(bitrate);
        }
    }
}
