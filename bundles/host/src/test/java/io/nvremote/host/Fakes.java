// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.capture.CaptureError;
import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderSession;
import io.nvremote.input.InputEvent;
import io.nvremote.input.InputSession;
import io.nvremote.input.InputSink;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.AccessUnitSink;
import io.nvremote.media.Codec;
import io.nvremote.media.Frame;
import io.nvremote.media.FrameSink;
import io.nvremote.media.HostSurface;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import io.nvremote.media.StageStamps;
import io.nvremote.stream.StreamMessage;
import io.nvremote.stream.StreamMessages;
import io.nvremote.transport.ControlChannel;
import io.nvremote.transport.ControlListener;
import io.nvremote.transport.DatagramSender;
import io.nvremote.transport.SenderStats;
import io.nvremote.transport.Transport;
import io.nvremote.transport.VideoFeedback;
import io.nvremote.transport.VideoReceiver;
import io.nvremote.transport.VideoSender;
import io.nvremote.transport.VideoSpec;
import io.nvremote.tunnel.Tunnel;
import io.nvremote.tunnel.TunnelDatagrams;
import io.nvremote.tunnel.TunnelKeys;
import io.nvremote.tunnel.TunnelListener;
import io.nvremote.tunnel.TunnelPath;
import io.nvremote.tunnel.TunnelPort;
import io.nvremote.tunnel.TunnelProvider;
import io.nvremote.tunnel.TunnelSpec;
import io.nvremote.tunnel.TunnelStats;
import java.lang.foreign.Arena;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Providers without hardware, each named by its purpose. */
final class Fakes {

    static final StreamPlan PLAN = new StreamPlan(
            "card",
            "",
            new Size(64, 32),
            new FrameRate(240),
            Codec.H264,
            Bitrate.ofMegabits(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofSeconds(30));

    private Fakes() {}

    static <S> ServiceCandidate<S> offered(S service, long id, int ranking, String kind, String name, String version) {
        return new ServiceCandidate<>(() -> service, id, ranking, Set.of(kind.split(",")), 100 + id, name, version);
    }

    /** A picture every few milliseconds, numbered. */
    static final class Card implements CaptureSource {
        final AtomicInteger opened = new AtomicInteger();
        final AtomicInteger sequence = new AtomicInteger();
        volatile Size size = new Size(64, 32);
        volatile boolean lost;
        volatile boolean absent;
        volatile boolean still;
        /** What it shows by the names of displays; empty: it has the one, whatever it is called. */
        volatile Map<String, Size> displays = Map.of();

        final AtomicInteger refreshes = new AtomicInteger();

        @Override
        public CaptureSession open(CaptureSpec spec) {
            opened.incrementAndGet();
            if (absent) {
                throw new StreamException(CaptureError.SOURCE_UNAVAILABLE, "no X server answers at :0");
            }
            Size shown = displays.get(spec.display());
            if (shown == null && !displays.isEmpty()) {
                throw new StreamException(
                        CaptureError.SOURCE_UNAVAILABLE, "the screen has no output " + spec.display());
            }
            return new CaptureSession() {
                private volatile boolean closed;
                private boolean first = true;

                @Override
                public List<String> displays() {
                    return displays.keySet().stream().sorted().toList();
                }

                @Override
                public Grab grab(Duration timeout, FrameSink sink) {
                    if (closed) {
                        return Grab.CLOSED;
                    }
                    if (lost || (shown != null && !displays.containsKey(spec.display()))) {
                        throw new StreamException(CaptureError.SOURCE_LOST, "unplugged");
                    }
                    try {
                        TimeUnit.MILLISECONDS.sleep(2);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return Grab.UNCHANGED;
                    }
                    if (still && !first) {
                        return Grab.UNCHANGED;
                    }
                    first = false;
                    sink.accept(new Picture(shown == null ? size : shown, sequence.incrementAndGet()));
                    return Grab.PICTURE;
                }

                @Override
                public void refresh() {
                    refreshes.incrementAndGet();
                    first = true;
                }

                @Override
                public void close() {
                    closed = true;
                }
            };
        }
    }

    private record Picture(Size size, long sequence) implements Frame {
        @Override
        public HostSurface surface() {
            int stride = size.width() * 4;
            return new HostSurface(
                    PixelFormat.BGRA,
                    size,
                    List.of(new HostSurface.Plane(Arena.ofAuto().allocate((long) stride * size.height()), stride)));
        }

        @Override
        public StageStamps stamps() {
            return StageStamps.captured(1, 2);
        }

        @Override
        public Retained retain() {
            throw new UnsupportedOperationException("not needed here");
        }
    }

    /** Makes units of one letter; breaks in the ways a vendor's encoder can. */
    static final class Letter implements Encoder {
        final char letter;
        final AtomicInteger opened = new AtomicInteger();
        /** Opened for a stream that the plugin has already. */
        final AtomicInteger takenOver = new AtomicInteger();

        final AtomicInteger closed = new AtomicInteger();
        final AtomicInteger encoded = new AtomicInteger();
        final CountDownLatch wake = new CountDownLatch(1);
        volatile int throwAt = -1;
        volatile int hangAt = -1;
        volatile boolean openHangs;
        volatile boolean ignoresKeyFrames;
        volatile boolean makesNothing;
        volatile RuntimeException openFailure;
        volatile int widest = Integer.MAX_VALUE;
        /** What it refuses beside; empty: nothing. */
        volatile String refuses = "";
        /** Of what it encodes now. */
        volatile Codec codec;
        /** What it was opened at, and told since. */
        volatile Bitrate rate;
        /** What it was told of lost units. */
        final BlockingQueue<String> lost = new LinkedBlockingQueue<>();

        Letter(char letter) {
            this.letter = letter;
        }

        @Override
        public EncoderSession takeOver(EncodeSpec spec, AccessUnitSink sink) {
            takenOver.incrementAndGet();
            return open(spec, sink);
        }

        @Override
        public EncoderSession open(EncodeSpec spec, AccessUnitSink sink) {
            opened.incrementAndGet();
            rate = spec.bitrate();
            if (openFailure != null) {
                throw openFailure;
            }
            if (spec.size().width() > widest) {
                throw new StreamException(EncodeError.SPEC_REFUSED, "at most " + widest + " wide: " + spec.size());
            }
            if (spec.codec().name().equals(refuses)) {
                throw new StreamException(EncodeError.SPEC_REFUSED, "no " + refuses + " here");
            }
            codec = spec.codec();
            if (openHangs) {
                sleepUninterruptibly();
            }
            return new EncoderSession() {
                @Override
                public void encode(Frame frame, boolean forceKeyFrame) {
                    if (!frame.size().equals(spec.size())) {
                        throw new StreamException(EncodeError.FRAME_REFUSED, "wrong size");
                    }
                    int number = encoded.incrementAndGet();
                    if (number == throwAt) {
                        throw new StreamException(EncodeError.DEVICE_LOST, "broken on purpose");
                    }
                    if (number == hangAt) {
                        sleepUninterruptibly();
                    }
                    if (!makesNothing) {
                        boolean key = forceKeyFrame && !ignoresKeyFrames;
                        sink.accept(new AccessUnit(
                                spec.codec(), unit(spec.codec(), key, letter), key, frame.sequence(), frame.stamps()));
                    }
                }

                @Override
                public void lost(long firstSequence, long lastSequence) {
                    lost.add(firstSequence + "-" + lastSequence);
                }

                @Override
                public Bitrate retarget(Bitrate target) {
                    rate = target;
                    return target;
                }

                @Override
                public void close() {
                    closed.incrementAndGet();
                }
            };
        }

        private void sleepUninterruptibly() {
            boolean interrupted = false;
            while (true) {
                try {
                    wake.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true; // Native code does not listen.
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A unit of H.264. */
    static ByteBuffer unit(boolean keyFrame, char letter) {
        return unit(Codec.H264, keyFrame, letter);
    }

    /** A unit of the right form, parameter sets included; its last byte is the letter. */
    static ByteBuffer unit(Codec codec, boolean keyFrame, char letter) {
        if (codec.equals(Codec.AV1)) {
            byte[] frame = {0x12, 0, 0x0A, 1, 0, 0x32, 2, 0x10, (byte) letter};
            byte[] inter = {0x12, 0, 0x32, 2, 0x30, (byte) letter};
            return ByteBuffer.wrap(keyFrame ? frame : inter);
        }
        byte[] bytes = keyFrame
                ? new byte[] {0, 0, 0, 1, 0x67, 9, 0, 0, 0, 1, 0x68, 9, 0, 0, 1, 0x65, (byte) letter}
                : new byte[] {0, 0, 0, 1, 0x41, (byte) letter};
        return ByteBuffer.wrap(bytes);
    }

    /** One unit as it was sent. */
    record Sent(long sequence, boolean keyFrame, char letter) {}

    /** Keeps what is sent, and plays the client on the control channel. */
    static final class Wire implements Transport {
        final BlockingQueue<Sent> units = new LinkedBlockingQueue<>();
        final BlockingQueue<StreamMessage> messages = new LinkedBlockingQueue<>();
        final AtomicInteger closed = new AtomicInteger();
        final Set<Thread> sendingNow = ConcurrentHashMap.newKeySet();
        volatile VideoFeedback feedback;
        volatile Duration pause = Duration.ZERO;
        final AtomicInteger pauses = new AtomicInteger();
        volatile ControlListener control;
        volatile boolean overlapped;

        @Override
        public VideoSender sendVideo(VideoSpec spec, DatagramSender out, VideoFeedback wanted) {
            feedback = wanted;
            wanted.targetBitrate(spec.bitrate()); // As a pacer's thread may, before this returns.
            wanted.lost(0, 0);
            wanted.keyFrameWanted();
            return new VideoSender() {
                @Override
                public void send(AccessUnit unit) {
                    sendingNow.add(Thread.currentThread());
                    overlapped |= sendingNow.size() > 1;
                    units.add(new Sent(unit.sequence(), unit.keyFrame(), (char)
                            unit.data().get(unit.data().limit() - 1)));
                    sendingNow.remove(Thread.currentThread());
                }

                @Override
                public void receive(ByteBuffer datagram) {}

                @Override
                public Duration pause() {
                    pauses.incrementAndGet();
                    return pause;
                }

                @Override
                public SenderStats stats() {
                    return new SenderStats(units.size(), 0, 0, 0, 0, 0, 0, 0, spec.bitrate());
                }

                @Override
                public void close() {
                    closed.incrementAndGet();
                }
            };
        }

        @Override
        public VideoReceiver receiveVideo(VideoSpec spec, DatagramSender out, AccessUnitSink sink) {
            throw new UnsupportedOperationException("a host receives no video");
        }

        @Override
        public ControlChannel control(DatagramSender out, ControlListener listener) {
            control = listener;
            return new ControlChannel() {
                @Override
                public boolean send(ByteBuffer message) {
                    messages.add(StreamMessages.read(message));
                    return true;
                }

                @Override
                public void receive(ByteBuffer datagram) {}

                @Override
                public void close() {
                    closed.incrementAndGet();
                }
            };
        }

        void clientSays(StreamMessage message) {
            control.message(StreamMessages.write(message));
        }
    }

    /** A tunnel that is up when the test says so. */
    static final class Tunnels implements TunnelProvider {
        volatile CountDownLatch mayClose = new CountDownLatch(0);
        final List<TunnelSpec> specs = new CopyOnWriteArrayList<>();
        final Map<Integer, TunnelDatagrams> ports = new ConcurrentHashMap<>();
        final AtomicInteger closed = new AtomicInteger();
        final List<InetSocketAddress> peerCandidates = new CopyOnWriteArrayList<>();
        volatile TunnelListener listener;
        volatile RuntimeException failure;
        private final AtomicInteger keys = new AtomicInteger();

        @Override
        public TunnelKeys newKeys() {
            byte[] publicKey = new byte[32];
            publicKey[0] = (byte) keys.incrementAndGet();
            publicKey[31] = 1;
            return new TunnelKeys(new byte[32], io.nvremote.core.TunnelPublicKey.of(publicKey));
        }

        @Override
        public Tunnel open(TunnelSpec spec, TunnelListener hears) {
            if (failure != null) {
                throw failure;
            }
            specs.add(spec);
            listener = hears;
            return new Tunnel() {
                @Override
                public boolean awaitUp(Duration timeout) {
                    return true;
                }

                @Override
                public boolean carriesLargest(Duration timeout) {
                    return true;
                }

                @Override
                public Duration ping(Duration timeout) {
                    return Duration.ZERO;
                }

                @Override
                public TunnelPort bind(int port, TunnelDatagrams arrived) {
                    ports.put(port, arrived);
                    return new TunnelPort() {
                        @Override
                        public int maxDatagramBytes() {
                            return 1252;
                        }

                        @Override
                        public void send(int peerPort, ByteBuffer datagram) {}

                        @Override
                        public void close() {}
                    };
                }

                @Override
                public List<InetSocketAddress> candidates() {
                    return List.of(new InetSocketAddress("192.0.2.7", 4242));
                }

                @Override
                public void peerCandidates(List<InetSocketAddress> candidates) {
                    peerCandidates.addAll(candidates);
                }

                @Override
                public TunnelPath path() {
                    return new TunnelPath(TunnelPath.Kind.RELAY, spec.relay().endpoint());
                }

                @Override
                public TunnelStats stats() {
                    return new TunnelStats(0, 0, 0, 0, 0, 0, 0);
                }

                @Override
                public void close() {
                    try {
                        mayClose.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    closed.incrementAndGet();
                }
            };
        }
    }

    /** Keeps what is injected. */
    static final class Keyboard implements InputSink {
        final BlockingQueue<InputEvent> events = new LinkedBlockingQueue<>();
        final AtomicInteger closed = new AtomicInteger();
        final BlockingQueue<String> displays = new LinkedBlockingQueue<>();

        @Override
        public InputSession open(String display) {
            displays.add(display);
            return new InputSession() {
                @Override
                public void inject(InputEvent event) {
                    events.add(event);
                }

                @Override
                public void close() {
                    closed.incrementAndGet();
                }
            };
        }
    }
}
