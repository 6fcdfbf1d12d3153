// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.glass;

import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;
import io.nvremote.decode.Decoder;
import io.nvremote.decode.DecoderSession;
import io.nvremote.media.Codec;
import io.nvremote.tests.bench.Child;
import io.nvremote.tests.bench.Parts;
import io.nvremote.transport.Transport;
import io.nvremote.transport.VideoReceiver;
import io.nvremote.transport.VideoSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The client's half of our chain as a process: receive, decode, show. Arguments: display, local port, peer port, pictures
 * a second, bits a second.
 */
final class ClientEnd {

    private static final int SSRC = 0x4e565200;
    private static final int PAYLOAD_BYTES = 1200;

    private ClientEnd() {}

    static VideoSpec spec(FrameRate rate, Bitrate bitrate) {
        return new VideoSpec(SSRC, PAYLOAD_BYTES, rate, bitrate);
    }

    @SuppressWarnings("SystemOut") // how the parent learns that it runs
    public static void main(String[] arguments) throws IOException {
        Child.endWithParent();
        FrameRate rate = new FrameRate(Integer.parseInt(arguments[3]));
        Bitrate bitrate = new Bitrate(Long.parseLong(arguments[4]));
        Loopback socket = Loopback.open(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        Showing showing = new Showing(arguments[0], GlassBench.WIDTH, GlassBench.HEIGHT);
        Stages stages = new Stages();
        DecoderSession decoder = Parts.make(Decoder.class, Map.of()).open(Codec.H264, frame -> {
            stages.decoded();
            showing.show(frame.host());
            stages.shown(frame.stamps());
        });
        AtomicReference<@Nullable VideoReceiver> self = new AtomicReference<>();
        VideoReceiver receiver = Parts.make(Transport.class, Map.of())
                .receiveVideo(spec(rate, bitrate), socket::send, unit -> {
                    stages.received();
                    if (decoder.decode(unit) == DecoderSession.Decoded.NEED_KEY_FRAME) {
                        Objects.requireNonNull(self.get()).requestKeyFrame();
                    }
                });
        self.set(receiver);
        System.out.println("READY");
        ByteBuffer datagram = ByteBuffer.allocateDirect(65_536);
        while (socket.receive(datagram)) {
            receiver.receive(datagram);
        }
    }
}
