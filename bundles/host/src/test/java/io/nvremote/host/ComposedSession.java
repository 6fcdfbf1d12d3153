// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.capture.CaptureSource;
import io.nvremote.core.PathPolicy;
import io.nvremote.core.Secret;
import io.nvremote.core.SessionId;
import io.nvremote.core.TunnelAddress;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.encode.Encoder;
import io.nvremote.input.InputSink;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.media.Size;
import io.nvremote.track.TrackFactory;
import io.nvremote.track.TrackReport;
import io.nvremote.transport.Transport;
import io.nvremote.tunnel.RelayBinding;
import io.nvremote.tunnel.TunnelProvider;
import io.nvremote.tunnel.TunnelRole;
import io.nvremote.tunnel.TunnelSpec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** A session of the host's own tracks, and what each of them does and counts. */
final class ComposedSession {

    /** What a session is composed of, with the factories at hand. */
    record Parts(SessionParts session, VideoTrackFactory video, InputTrackFactory input) {}

    static Parts parts(
            TunnelProvider tunnels,
            Transport transport,
            RankedServices<CaptureSource> captures,
            RankedServices<Encoder> encoders,
            RankedServices<InputSink> inputs,
            StreamPlan plan,
            ServiceWatch watch) {
        var video = new VideoTrackFactory(new VideoParts(() -> transport, captures, encoders, plan, watch));
        var input = new InputTrackFactory(inputs, plan, watch);
        RankedServices<TrackFactory> tracks = new RankedServices<>();
        tracks.add(Fakes.offered(video, 90, 0, "video", "host", "1.0.0"));
        tracks.add(Fakes.offered(input, 91, 0, "input", "host", "1.0.0"));
        tracks.add(Fakes.offered(new CursorTrackFactory(plan), 92, 0, "cursor", "host", "1.0.0"));
        tracks.add(Fakes.offered(new StatisticsTrackFactory(), 93, 0, "statistics", "host", "1.0.0"));
        return new Parts(new SessionParts(() -> tunnels, () -> transport, tracks, plan.silence(), watch), video, input);
    }

    /** The tunnel of a session whose client is nowhere. */
    static TunnelSpec spec(TunnelProvider tunnels) {
        return new TunnelSpec(
                SessionId.next(),
                TunnelRole.RESPONDER,
                tunnels.newKeys(),
                TunnelPublicKey.parse("A".repeat(42) + "E="),
                TunnelAddress.parse("10.100.42.3"),
                TunnelAddress.parse("10.100.42.2"),
                new RelayBinding(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), new Secret("x")),
                PathPolicy.AUTO,
                1280);
    }

    private final StreamSession session;
    private final VideoTrack video;
    private final InputTrack input;

    private ComposedSession(StreamSession session, Parts parts) {
        this.session = session;
        this.video = parts.video().open().now().getFirst();
        this.input = parts.input().open().now().getFirst();
    }

    static ComposedSession open(TunnelSpec spec, Parts parts, StreamSession.SessionListener listener) {
        return new ComposedSession(StreamSession.open(spec, parts.session(), listener), parts);
    }

    /** The reason of its end, when it has ended, goes to {@code ended}. */
    static StreamSession.SessionListener telling(Consumer<String> ended) {
        return new StreamSession.SessionListener() {
            @Override
            public void candidates(SessionId id, List<InetSocketAddress> candidates) {}

            @Override
            public void ended(SessionId id, String reason) {
                ended.accept(reason);
            }
        };
    }

    VideoMetrics video() {
        return video.metrics();
    }

    InputMetrics input() {
        return input.metrics();
    }

    ServiceCandidate<Encoder> encoder() {
        return Objects.requireNonNull(video.encoder());
    }

    boolean uses(long serviceId) {
        return video.uses(serviceId) || input.uses(serviceId);
    }

    void watch(long nowNanos) {
        session.watch(nowNanos);
    }

    void end(String reason) {
        session.end(reason);
    }

    void trackGone(long serviceId) {
        session.trackGone(serviceId);
    }

    boolean shows(Size size) {
        return size.toString().equals(reported("video").get("size"));
    }

    /** What the track of this name tells. */
    Map<String, Object> reported(String track) {
        Map<String, Map<String, Object>> all = new HashMap<>();
        session.report(name -> new Told(all.computeIfAbsent(name, n -> new HashMap<>())));
        return all.getOrDefault(track, Map.of());
    }

    private record Told(Map<String, Object> by) implements TrackReport {
        @Override
        public void counter(String name, long value) {
            by.put(name, value);
        }

        @Override
        public void fact(String name, String value) {
            by.put(name, value);
        }

        @Override
        public void gauge(String name, double value) {
            by.put(name, value);
        }

        @Override
        public void entry(String list, Map<String, String> fields) {
            by.put(list, fields);
        }
    }
}
