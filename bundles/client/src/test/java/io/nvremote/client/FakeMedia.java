// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.Clock;
import io.nvremote.core.PathPolicy;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.input.InputEvent;
import io.nvremote.lib.services.Current;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.AccessUnitSink;
import io.nvremote.media.Codec;
import io.nvremote.media.StageStamps;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalDialer;
import io.nvremote.stream.StreamMessage;
import io.nvremote.stream.StreamMessages;
import io.nvremote.transport.ControlChannel;
import io.nvremote.transport.ControlListener;
import io.nvremote.transport.DatagramSender;
import io.nvremote.transport.ReceiverStats;
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
import io.nvremote.viewer.ViewerTrackFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Stands in for tunnel, transport and signaling: a host that plays a clip for ever and remembers its input. */
public final class FakeMedia implements TunnelProvider, Transport, SignalDialer {

    static final TunnelPublicKey KEY = TunnelPublicKey.parse("A".repeat(42) + "E=");

    /** Access units, the first a key frame, and what they say that they are. */
    private record Played(Codec codec, List<byte[]> clip) {}

    private volatile Played played;
    private final Clock clock = Clock.system();
    public final List<InputEvent> inputs = new CopyOnWriteArrayList<>();
    public final List<TunnelKeys> keys = new CopyOnWriteArrayList<>();
    final List<Signal> signals = new CopyOnWriteArrayList<>();
    public final AtomicInteger openTunnels = new AtomicInteger();
    final AtomicInteger keyFrameRequests = new AtomicInteger();
    volatile boolean tunnelUp = true;
    /** Whether the path carries datagrams of full size. */
    volatile boolean wide = true;

    public final AtomicInteger pings = new AtomicInteger();
    public volatile boolean playing = true;
    public volatile boolean answering = true;
    public volatile boolean broken;
    public volatile @Nullable LinkListener channel;
    /** What the first host is called. */
    public volatile String name = "workstation-7";
    /** Whether there are hosts at all. */
    public volatile boolean populated = true;

    volatile @Nullable ControlListener clientEnd;

    /** Ports of the tunnel that are open now, and who gets what arrives there. */
    final Map<Integer, TunnelDatagrams> bound = new ConcurrentHashMap<>();

    /** @param clip access units; the first is a key frame */
    public FakeMedia(List<byte[]> clip) {
        this.played = new Played(Codec.H264, clip);
    }

    /** From here on another clip, from its beginning. */
    public void play(Codec codec, List<byte[]> clip) {
        played = new Played(codec, clip);
    }

    /** The tracks that the client has, over this transport. */
    RankedServices<ViewerTrackFactory> tracks() {
        RankedServices<ViewerTrackFactory> all = new RankedServices<>();
        Map<String, ViewerTrackFactory> made = Map.of(
                "control", new ControlTrackFactory(this, clock),
                "video", new VideoTrackFactory(this, clock),
                "cursor", new CursorTrackFactory(),
                "statistics", new StatisticsTrackFactory(),
                "input", new InputTrackFactory());
        made.forEach((name, factory) -> all.add(ServiceCandidate.of(
                factory,
                Map.of(
                        ViewerTrackFactory.NAME,
                        name,
                        "service.id",
                        1L + all.all().size()),
                ViewerTrackFactory.NAME)));
        return all;
    }

    /** A client that signs in at this control plane and streams from here. */
    public Client client(FakeControlPlane control) {
        return client(control, tracks());
    }

    Client client(FakeControlPlane control, RankedServices<ViewerTrackFactory> tracks) {
        return new Client(
                new ControlPlane(control.base(), null),
                null,
                this,
                new StreamServices(new Current<>(this), tracks, clock, PathPolicy.AUTO, Duration.ofSeconds(20)));
    }

    /** The same, signed in. */
    Client signedIn(FakeControlPlane control, RankedServices<ViewerTrackFactory> tracks) throws Exception {
        Client client = client(control, tracks);
        Map<String, String> answer = control.person(client.beginSignIn("http://127.0.0.1:9/callback"));
        client.finishSignIn("code=" + answer.get("code") + "&state=" + answer.get("state"));
        return client;
    }

    // ---- tunnel ----

    @Override
    public TunnelKeys newKeys() {
        byte[] secret = new byte[32];
        secret[0] = 1;
        TunnelKeys made = new TunnelKeys(secret, KEY);
        keys.add(made);
        return made;
    }

    @Override
    public Tunnel open(TunnelSpec spec, TunnelListener listener) {
        openTunnels.incrementAndGet();
        AtomicBoolean open = new AtomicBoolean(true);
        return new Tunnel() {
            @Override
            public boolean awaitUp(Duration timeout) {
                return tunnelUp;
            }

            @Override
            public boolean carriesLargest(Duration timeout) {
                return wide;
            }

            @Override
            public Duration ping(Duration timeout) {
                return Duration.ofMillis(1);
            }

            @Override
            public TunnelPort bind(int port, TunnelDatagrams arrived) {
                if (bound.putIfAbsent(port, arrived) != null) {
                    throw new IllegalStateException("port " + port + " is taken");
                }
                return new TunnelPort() {
                    @Override
                    public int maxDatagramBytes() {
                        return 1252;
                    }

                    @Override
                    public void send(int peerPort, ByteBuffer datagram) {}

                    @Override
                    public void close() {
                        bound.remove(port);
                    }
                };
            }

            @Override
            public List<InetSocketAddress> candidates() {
                return List.of();
            }

            @Override
            public void peerCandidates(List<InetSocketAddress> candidates) {}

            @Override
            public TunnelPath path() {
                return new TunnelPath(
                        TunnelPath.Kind.RELAY, new InetSocketAddress(InetAddress.getLoopbackAddress(), 51820));
            }

            @Override
            public TunnelStats stats() {
                return new TunnelStats(0, 0, 0, 0, 0, 1, 0);
            }

            @Override
            public void close() {
                if (open.getAndSet(false)) {
                    openTunnels.decrementAndGet();
                    spec.keys().close();
                }
            }
        };
    }

    // ---- transport ----

    @Override
    public VideoSender sendVideo(VideoSpec spec, DatagramSender out, VideoFeedback feedback) {
        throw new UnsupportedOperationException("a client sends no video");
    }

    @Override
    public VideoReceiver receiveVideo(VideoSpec spec, DatagramSender out, AccessUnitSink sink) {
        AtomicBoolean open = new AtomicBoolean(true);
        AtomicBoolean keyWanted = new AtomicBoolean();
        AtomicLong units = new AtomicLong();
        AtomicLong bytes = new AtomicLong();
        Thread.ofPlatform().daemon().name("fake-host").start(() -> {
            Played now = played;
            for (long sequence = 0, at = 0; open.get(); sequence++, at++) {
                clock.sleep(Duration.ofMillis(33));
                if (!playing) {
                    continue;
                }
                if (keyWanted.getAndSet(false) || !now.equals(played)) {
                    at = 0;
                    now = played;
                }
                List<byte[]> clip = now.clip();
                byte[] unit = clip.get((int) (at % clip.size()));
                if (broken) {
                    unit = unit.clone();
                    java.util.Arrays.fill(unit, Math.min(unit.length, 60), unit.length, (byte) 0xA5);
                }
                long here = clock.nanos();
                StageStamps stamps = new StageStamps(
                        here - 9_000_000, here - 7_000_000, here - 6_000_000, here - 2_000_000, here - 1_000_000);
                sink.accept(
                        new AccessUnit(now.codec(), ByteBuffer.wrap(unit), at % clip.size() == 0, sequence, stamps));
                units.incrementAndGet();
                bytes.addAndGet(unit.length);
            }
        });
        return new VideoReceiver() {
            @Override
            public void receive(ByteBuffer datagram) {}

            @Override
            public void requestKeyFrame() {
                keyFrameRequests.incrementAndGet();
                keyWanted.set(true);
            }

            @Override
            public long hostClockOffsetNanos() {
                return 0;
            }

            @Override
            public ReceiverStats stats() {
                return new ReceiverStats(units.get(), units.get() * 10, bytes.get(), 3, 2, 0, 0, 0, 0);
            }

            @Override
            public void close() {
                open.set(false);
            }
        };
    }

    @Override
    public ControlChannel control(DatagramSender out, ControlListener listener) {
        clientEnd = listener;
        return new ControlChannel() {
            @Override
            public boolean send(ByteBuffer message) {
                switch (StreamMessages.read(message)) {
                    case StreamMessage.Input input -> inputs.add(input.event());
                    case StreamMessage.Ping ping when !answering -> pings.incrementAndGet();
                    case StreamMessage.Ping ping -> {
                        pings.incrementAndGet();
                        tell(new StreamMessage.StreamInfo(
                                played.codec().name(), 1280, 720, 30, "testcard", "encode.software", "1.0"));
                        tell(new StreamMessage.Pong(ping.nanos(), clock.nanos()));
                        tell(new StreamMessage.Stats(10, 10, 10, 0, 100, 1, 0, 0, 1_000_000, 200_000_000));
                    }
                    case StreamMessage.Hello first -> {
                        hello = first;
                        // Once, as a host does whose pointer is at rest.
                        tell(new StreamMessage.CursorShape(
                                7,
                                0,
                                0,
                                2,
                                2,
                                IntBuffer.wrap(new int[] {-1, -1, -1, -1}).asReadOnlyBuffer()));
                        tell(new StreamMessage.CursorMoved(7, 640, 360));
                    }
                    case StreamMessage.ShowDisplay wanted -> displays.add(wanted.name());
                    case null, default -> {}
                }
                return true;
            }

            @Override
            public void receive(ByteBuffer datagram) {}

            @Override
            public void close() {}
        };
    }

    /** What the client asked to see. */
    public final BlockingQueue<String> displays = new LinkedBlockingQueue<>();

    /** What the client said of its decoders. */
    public volatile StreamMessage.@Nullable Hello hello;

    public void tell(StreamMessage message) {
        ControlListener end = clientEnd;
        if (end != null) {
            end.message(StreamMessages.write(message));
        }
    }

    // ---- signaling ----

    @Override
    public SignalLink dial(URI uri, @Nullable SSLContext tls, LinkListener listener) {
        channel = listener;
        SignalLink link = new SignalLink() {
            @Override
            public boolean send(Signal signal) {
                signals.add(signal);
                return true;
            }

            @Override
            public void close() {}
        };
        listener.up(link);
        listener.received(link, new Signal.Ready(1));
        hosts().forEach(news -> listener.received(link, news));
        return link;
    }

    private List<Signal> hosts() {
        return populated ? FakeControlPlane.hosts(name) : List.of(new Signal.HostsComplete(0));
    }
}
