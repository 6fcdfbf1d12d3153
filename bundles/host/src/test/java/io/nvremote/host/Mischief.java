// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.capture.CaptureError;
import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.capture.Cursor;
import io.nvremote.core.Bitrate;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderSession;
import io.nvremote.input.InputError;
import io.nvremote.input.InputEvent;
import io.nvremote.input.InputSession;
import io.nvremote.input.InputSink;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.AccessUnitSink;
import io.nvremote.media.Codec;
import io.nvremote.media.Frame;
import io.nvremote.media.FrameSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Plugins that work for a while and then do one thing wrong. */
final class Mischief {

    /** So many calls are good before. */
    static final int GOOD = 10;

    /** What every plugin can throw. */
    static final List<String> THROWN = List.of(
            "throws a runtime exception",
            "throws an exception of the contract",
            "throws a checked exception by stealth",
            "throws an assertion error",
            "throws a linkage error",
            "throws an internal error",
            "throws out of memory",
            "throws what can't be described",
            "overflows the stack");

    private Mischief() {}

    /** An exception that throws when it is asked what it is. */
    private static final class Unspeakable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("not that either");
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new IllegalStateException("nor that");
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }

    private static int overflow(int depth) {
        return depth < 0 ? 0 : overflow(depth + 1) + 1;
    }

    /** Throws if the way is one of {@link #THROWN}. */
    static void thrown(String way) {
        switch (way) {
            case "throws a runtime exception" -> throw new IllegalStateException("a bug");
            case "throws an exception of the contract" -> throw new StreamException(EncodeError.DEVICE_LOST, "gone");
            case "throws a checked exception by stealth" ->
                throw Mischief.<RuntimeException>sneaky(new IOException("as a native call hands on"));
            case "throws an assertion error" -> throw new AssertionError("never");
            case "throws a linkage error" -> throw new NoClassDefFoundError("x/Y");
            case "throws an internal error" -> throw new InternalError("vm");
            case "throws out of memory" -> throw new OutOfMemoryError("as if");
            case "throws what can't be described" -> throw new Unspeakable();
            case "overflows the stack" -> overflow(0);
            default -> {}
        }
    }

    static final class BadEncoder implements Encoder {

        /** Wrong beside what can be thrown; each of them costs the encoder. */
        static final List<String> WAYS = List.of(
                "makes nothing",
                "hands over null",
                "hands over a unit without data",
                "hands over an empty unit",
                "hands over garbage",
                "hands over parameter sets alone",
                "hands over another codec",
                "hands over another picture",
                "hands over two units",
                "hands over far too much",
                "hands over its unit too late",
                "calls a picture a key frame that is none",
                "makes nothing but key frames");

        /** Rude, but no fault: the stream goes on with the same encoder. */
        static final List<String> HARMLESS = List.of(
                "leaves the interrupt flag set", "interrupts the thread later", "closes the frame", "throws in close");

        private final Fakes.Letter good = new Fakes.Letter('b');
        private final String way;
        final AtomicInteger calls = new AtomicInteger();
        final CountDownLatch wake = new CountDownLatch(1);

        BadEncoder(String way) {
            this.way = way;
        }

        @Override
        public EncoderSession open(EncodeSpec spec, AccessUnitSink sink) {
            if (way.startsWith("open ")) {
                thrown(way.substring(5));
            }
            EncoderSession to = good.open(spec, unit -> pass(unit, sink));
            return new EncoderSession() {
                @Override
                public void encode(Frame frame, boolean forceKeyFrame) {
                    if (calls.incrementAndGet() > GOOD) {
                        thrown(way);
                        before(frame);
                    }
                    to.encode(frame, forceKeyFrame);
                }

                @Override
                public Bitrate retarget(Bitrate target) {
                    return target;
                }

                @Override
                public void close() {
                    if (way.equals("throws in close")) {
                        throw new AssertionError("not closed");
                    }
                    to.close();
                }
            };
        }

        private void before(Frame frame) {
            Thread caller = Thread.currentThread();
            switch (way) {
                case "leaves the interrupt flag set" -> caller.interrupt();
                case "interrupts the thread later" -> Thread.ofVirtual().start(caller::interrupt);
                case "closes the frame" -> {
                    if (frame instanceof Frame.Retained own) {
                        own.close();
                    }
                }
                case "is slow" -> sleep(Duration.ofMillis(700));
                default -> {}
            }
        }

        private void pass(AccessUnit unit, AccessUnitSink sink) {
            if (calls.get() <= GOOD) {
                sink.accept(unit);
                return;
            }
            ByteBuffer data = unit.data();
            switch (way) {
                case "makes nothing" -> {}
                case "hands over null" -> sink.accept(null);
                case "hands over a unit without data" -> sink.accept(with(unit, null, unit.keyFrame()));
                case "hands over an empty unit" -> sink.accept(with(unit, ByteBuffer.allocate(0), unit.keyFrame()));
                case "hands over garbage" ->
                    sink.accept(with(unit, ByteBuffer.wrap(new byte[] {7, 7, 7, 7, 7, 'b'}), unit.keyFrame()));
                case "hands over parameter sets alone" ->
                    sink.accept(with(unit, ByteBuffer.wrap(new byte[] {0, 0, 1, 0x67, 'b'}), unit.keyFrame()));
                case "hands over another codec" ->
                    sink.accept(
                            new AccessUnit(new Codec("hevc"), data, unit.keyFrame(), unit.sequence(), unit.stamps()));
                case "hands over another picture" ->
                    sink.accept(
                            new AccessUnit(unit.codec(), data, unit.keyFrame(), unit.sequence() + 1, unit.stamps()));
                case "hands over two units" -> {
                    sink.accept(unit);
                    sink.accept(unit);
                }
                case "hands over far too much" ->
                    sink.accept(with(unit, ByteBuffer.allocate(8 << 20), unit.keyFrame()));
                case "hands over its unit too late" -> Thread.ofVirtual().start(() -> sink.accept(unit));
                case "calls a picture a key frame that is none" ->
                    sink.accept(with(unit, Fakes.unit(false, 'b'), true));
                case "makes nothing but key frames" -> sink.accept(with(unit, Fakes.unit(true, 'b'), true));
                default -> sink.accept(unit);
            }
        }

        private static AccessUnit with(AccessUnit unit, ByteBuffer data, boolean keyFrame) {
            return new AccessUnit(unit.codec(), data, keyFrame, unit.sequence(), unit.stamps());
        }
    }

    static final class BadCapture implements CaptureSource {

        static final List<String> WAYS = List.of("says nothing", "closes itself", "hands over no picture");

        private final Fakes.Card good;
        private final String way;
        final AtomicInteger calls = new AtomicInteger();
        final AtomicInteger opened = new AtomicInteger();
        final CountDownLatch wake = new CountDownLatch(1);

        BadCapture(Fakes.Card good, String way) {
            this.good = good;
            this.way = way;
        }

        @Override
        public CaptureSession open(CaptureSpec spec) {
            opened.incrementAndGet();
            if (way.startsWith("open ")) {
                thrown(way.substring(5));
            }
            CaptureSession to = good.open(spec);
            return new CaptureSession() {
                @Override
                public Grab grab(Duration timeout, FrameSink sink) {
                    if (calls.incrementAndGet() <= GOOD) {
                        return to.grab(timeout, sink);
                    }
                    if (way.equals("throws an exception of the contract")) {
                        throw new StreamException(CaptureError.SOURCE_LOST, "unplugged");
                    }
                    thrown(way);
                    return bad(timeout, sink);
                }

                private Grab bad(Duration timeout, FrameSink sink) {
                    switch (way) {
                        case "says nothing" -> {
                            return null;
                        }
                        case "closes itself" -> {
                            return Grab.CLOSED;
                        }
                        case "hands over no picture" -> sink.accept(null);
                        case "hangs" -> forever(wake);
                        default -> {}
                    }
                    Grab grab = to.grab(timeout, sink);
                    if (way.equals("leaves the interrupt flag set")) {
                        Thread.currentThread().interrupt();
                    }
                    return grab;
                }

                @Override
                public void refresh() {
                    thrown(way.equals("refresh throws") ? "throws an assertion error" : "");
                    to.refresh();
                }

                @Override
                public Cursor cursor() {
                    thrown(way.equals("cursor throws") ? "throws an assertion error" : "");
                    return to.cursor();
                }

                @Override
                public void close() {
                    to.close();
                }
            };
        }
    }

    static final class BadInput implements InputSink {

        final Fakes.Keyboard good = new Fakes.Keyboard();
        private final String way;
        final AtomicInteger calls = new AtomicInteger();
        final CountDownLatch wake = new CountDownLatch(1);

        BadInput(String way) {
            this.way = way;
        }

        @Override
        public InputSession open(String display) {
            if (way.startsWith("open ")) {
                thrown(way.substring(5));
            }
            InputSession to = good.open(display);
            return new InputSession() {
                @Override
                public void inject(InputEvent event) {
                    if (calls.incrementAndGet() > GOOD) {
                        thrown(way);
                        if (way.equals("hangs")) {
                            forever(wake);
                        }
                    }
                    to.inject(event);
                }

                @Override
                public void close() {
                    to.close();
                }
            };
        }
    }

    /** As a screen that stands still, or lost its connection, for a while. */
    static final class IllInput implements InputSink {

        final Fakes.Keyboard good = new Fakes.Keyboard();
        private final String illness;
        volatile boolean ill = true;
        volatile CountDownLatch wake = new CountDownLatch(1);

        IllInput(String illness) {
            this.illness = illness;
        }

        private void suffer(boolean opening) {
            if (ill && opening == illness.endsWith("opens")) {
                switch (illness.split(" ", -1)[0]) {
                    case "hangs" -> forever(wake);
                    case "throws" -> throw new IllegalStateException("ill");
                    default -> throw new StreamException(InputError.INPUT_UNAVAILABLE, "ill");
                }
            }
        }

        @Override
        public InputSession open(String display) {
            suffer(true);
            InputSession to = good.open(display);
            return new InputSession() {
                @Override
                public void inject(InputEvent event) {
                    suffer(false);
                    to.inject(event);
                }

                @Override
                public void close() {
                    to.close();
                }
            };
        }
    }

    /** As native code that listens to nothing, until the test is over. */
    static void forever(CountDownLatch wake) {
        while (true) {
            try {
                wake.await();
                return;
            } catch (InterruptedException e) {
                Thread.interrupted(); // Not heard.
            }
        }
    }

    private static void sleep(Duration duration) {
        try {
            TimeUnit.NANOSECONDS.sleep(duration.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
