// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import io.nvremote.core.Clock;
import io.nvremote.decode.Decoder;
import io.nvremote.decode.DecoderSession;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.DecoderCapability;
import io.nvremote.media.Frame;
import io.nvremote.media.FrameSink;
import io.nvremote.media.HostSurface;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import io.nvremote.media.StageStamps;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/** "Decodes" by painting: what the host would have shown for that sequence. */
class FakeDecoder implements Decoder {

    static final Size SIZE = new Size(640, 360);
    private final BiConsumer<HostSurface, Long> painter;
    private final Codec codec;
    private final boolean hardware;
    final AtomicLong pictures = new AtomicLong();
    /** Sessions that are open now. */
    final AtomicInteger open = new AtomicInteger();

    FakeDecoder(BiConsumer<HostSurface, Long> painter) {
        this(painter, Codec.H264, false);
    }

    FakeDecoder(BiConsumer<HostSurface, Long> painter, Codec codec, boolean hardware) {
        this.painter = painter;
        this.codec = codec;
        this.hardware = hardware;
    }

    @Override
    public List<DecoderCapability> capabilities() {
        return List.of(new DecoderCapability(codec, SIZE, hardware));
    }

    @Override
    public DecoderSession open(Codec codec, FrameSink sink) {
        Arena arena = Arena.ofShared();
        HostSurface surface = new HostSurface(
                PixelFormat.BGRA, SIZE, List.of(new HostSurface.Plane(arena.allocate(640 * 360 * 4L), 640 * 4)));
        open.incrementAndGet();
        return new DecoderSession() {
            @Override
            public Decoded decode(AccessUnit unit) {
                painter.accept(surface, unit.sequence());
                sink.accept(frame(surface, unit.sequence(), unit.stamps()));
                pictures.incrementAndGet();
                return Decoded.PICTURE;
            }

            @Override
            public void close() {
                arena.close();
                open.decrementAndGet();
            }
        };
    }

    void awaitPictures(long count) {
        for (int i = 0; i < 3_000 && pictures.get() < count; i++) {
            Clock.system().sleep(Duration.ofMillis(10));
        }
    }

    static Frame frame(HostSurface surface, long sequence, StageStamps stamps) {
        return new Frame() {
            @Override
            public HostSurface surface() {
                return surface;
            }

            @Override
            public long sequence() {
                return sequence;
            }

            @Override
            public StageStamps stamps() {
                return stamps;
            }

            @Override
            public Retained retain() {
                throw new UnsupportedOperationException("nobody keeps these");
            }
        };
    }
}
