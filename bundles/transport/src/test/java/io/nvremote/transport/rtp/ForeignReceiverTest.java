// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.core.FrameRate;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.StageStamps;
import io.nvremote.transport.VideoSpec;
import io.nvremote.transport.rtp.Recording.Form;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our sender against receivers that are not ours, over real sockets: what they take out is bit for bit what went in. */
class ForeignReceiverTest {

    private static final String GSTREAMER = "gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good"
            + " gstreamer1.0-plugins-bad gstreamer1.0-libav";
    private static final int FRAME_BYTES = Recording.WIDTH * Recording.HEIGHT * 3 / 2;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final AtomicInteger dropped = new AtomicInteger();
    private final SplittableRandom random = new SplittableRandom(11);
    private DatagramSocket socket;
    private Process peer;
    private volatile int lossPercent;
    private boolean interrupted;
    private Form form = Form.H264;

    @BeforeEach
    void open() throws IOException {
        Recording.needs("ffmpeg", "ffmpeg");
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void close() {
        socket.close();
        if (peer != null) {
            peer.destroyForcibly();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H264", "HEVC"})
    void gstreamer_takes_out_300_pictures_bit_exact(Form form) throws Exception {
        this.form = form;
        Recording.needs("gst-launch-1.0", GSTREAMER);
        int port = freePort();
        byte[] stream = Recording.make(form, folder);
        peer = Recording.start(
                folder,
                List.of(
                        "sh",
                        "-c",
                        "exec gst-launch-1.0 -e udpsrc port=" + port
                                + " buffer-size=4000000 caps=\"" + caps()
                                + "\" ! rtpjitterbuffer latency=200 ! rtp" + gst() + "depay"
                                + " ! video/x-" + gst() + ",stream-format=byte-stream,alignment=au ! tee name=t"
                                + " t. ! queue ! filesink location=out." + form.format
                                + " t. ! queue ! avdec_" + gst()
                                + " ! video/x-raw,format=I420 ! filesink buffer-mode=unbuffered location=out.yuv"));
        awaitBound(port);
        send(stream, port, 0);
        byte[] decoded = Recording.decode(form, folder, stream);
        await("out.yuv", decoded.length);
        assertSamePictures(Recording.read(folder.resolve("out.yuv")), decoded);
        interrupt();
        assertSameNals(Recording.read(folder.resolve("out." + form.format)), stream);
    }

    @ParameterizedTest
    @EnumSource
    void ffmpeg_takes_out_300_pictures_bit_exact(Form form) throws Exception {
        this.form = form;
        int port = freePort();
        byte[] stream = Recording.make(form, folder);
        int type = PayloadFormats.STANDARD.of(form.codec()).payloadType();
        String parameters = form == Form.H264 ? "a=fmtp:" + type + " packetization-mode=1\n" : "";
        Files.writeString(
                folder.resolve("in.sdp"),
                "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nt=0 0\n"
                        + "m=video " + port + " RTP/AVP " + type + "\na=rtcp-mux\n"
                        + "a=rtpmap:" + type + " " + encodingName() + "/90000\n" + parameters);
        // Debian's does not take AV1 out of RTP yet.
        String program = form == Form.AV1 ? NewerFfmpeg.unpack(folder) : "ffmpeg";
        peer = Recording.start(
                folder,
                List.of(
                        program,
                        "-v",
                        "warning",
                        "-y",
                        "-protocol_whitelist",
                        "file,udp,rtp",
                        "-buffer_size",
                        "4000000",
                        "-i",
                        "in.sdp",
                        "-c",
                        "copy",
                        "-f",
                        form.format,
                        "out." + form.format));
        awaitBound(port);
        send(stream, port, 0);
        Clock.system().sleep(Duration.ofSeconds(2)); // ffmpeg's queue against reordering
        interrupt();
        byte[] out = Recording.read(folder.resolve("out." + form.format));
        if (form != Form.AV1) {
            assertSameNals(out, stream);
        }
        assertSamePictures(Recording.decode(form, folder, out), Recording.decode(form, folder, stream));
    }

    @Test
    void gstreamer_gets_all_300_pictures_bit_exact_through_5_percent_loss_by_retransmission() throws Exception {
        Recording.needs("gst-launch-1.0", GSTREAMER);
        int port = freePort();
        int rtcpPort = freePort();
        byte[] stream = Recording.make(form, folder);
        lossPercent = 5;
        peer = Recording.start(
                folder,
                List.of(
                        "sh",
                        "-c",
                        "exec gst-launch-1.0 -e"
                                + " rtpsession name=s rtp-profile=avpf bandwidth=100000000 rtcp-fraction=10000000 rtcp-min-interval=20000000"
                                + " udpsrc port=" + port + " buffer-size=4000000 caps=\"" + caps()
                                + "\" ! s.recv_rtp_sink"
                                + " s.recv_rtp_src ! rtprtxreceive payload-type-map=\"application/x-rtp-pt-map,96=(uint)97\""
                                + " ssrc-map=\"application/x-rtp-ssrc-map," + Integer.toUnsignedString(Units.SSRC)
                                + "=(uint)"
                                + Integer.toUnsignedString(Units.SSRC + 1) + "\""
                                + " ! rtpssrcdemux name=d d.src_"
                                + Integer.toUnsignedString(Units.SSRC) // it names the source in requests
                                + " ! rtpjitterbuffer do-retransmission=true do-lost=true latency=4000 ! rtph264depay"
                                + " ! video/x-h264,stream-format=byte-stream,alignment=au ! tee name=t"
                                + " t. ! queue ! filesink location=out.h264"
                                + " t. ! queue ! avdec_h264 ! video/x-raw,format=I420 ! filesink buffer-mode=unbuffered location=out.yuv"
                                + " udpsrc port=" + rtcpPort + " caps=application/x-rtcp ! s.recv_rtcp_sink"
                                + " s.send_rtcp_src ! udpsink host=127.0.0.1 port=" + socket.getLocalPort()
                                + " sync=false async=false"));
        awaitBound(port);
        awaitBound(rtcpPort);
        long again = send(stream, port, rtcpPort);
        byte[] decoded = Recording.decode(form, folder, stream);
        await("out.yuv", decoded.length);
        assertSamePictures(Recording.read(folder.resolve("out.yuv")), decoded);
        interrupt();
        assertSameNals(Recording.read(folder.resolve("out.h264")), stream);
        assertThat(dropped.get()).isGreaterThan(100);
        assertThat(again).isGreaterThanOrEqualTo(dropped.get() / 2);
    }

    private String caps() {
        String caps = "application/x-rtp,media=video,clock-rate=90000,encoding-name=" + encodingName() + ",payload="
                + PayloadFormats.STANDARD.of(form.codec()).payloadType();
        return form == Form.H264 ? caps + ",packetization-mode=(string)1" : caps;
    }

    /** As the media types of the payload formats have it. */
    private String encodingName() {
        return switch (form) {
            case H264 -> "H264";
            case HEVC -> "H265";
            case AV1 -> "AV1";
        };
    }

    private String gst() {
        return form == Form.H264 ? "h264" : "h265";
    }

    /** Sends the stream in real time, answers what comes back for a while; returns how many packets went again. */
    private long send(byte[] stream, int port, int rtcpPort) throws InterruptedException {
        VideoSpec spec = new VideoSpec(Units.SSRC, 1200, new FrameRate(60), Bitrate.ofMegabits(6));
        try (RtpVideoSender sender = new RtpVideoSender(
                new VideoSetup(spec, TransportSettings.DEFAULT),
                d -> transmit(d, port, rtcpPort),
                () -> {},
                Clock.system(),
                random)) {
            Thread back = Thread.ofVirtual().start(() -> feed(sender));
            List<byte[]> units = Recording.units(form, stream);
            assertThat(units).hasSize(Recording.FRAMES);
            long begin = System.nanoTime();
            for (int i = 0; i < units.size(); i++) {
                if (i == units.size() - 1) {
                    lossPercent =
                            0; // Only what comes after a lost packet shows that it is, and after these nothing comes.
                }
                StageStamps stamps = StageStamps.captured(0, System.nanoTime());
                sender.send(new AccessUnit(form.codec(), ByteBuffer.wrap(units.get(i)), i % 60 == 0, i, stamps));
                Clock.system().sleep(Duration.ofNanos(begin + (i + 1) * 16_666_667L - System.nanoTime()));
            }
            while (sender.pause().isPositive()) {
                Clock.system().sleep(Duration.ofMillis(5)); // what the pacer holds is still to be sent
            }
            Clock.system().sleep(Duration.ofMillis(rtcpPort == 0 ? 200 : 2_000));
            long again = sender.stats().retransmissions();
            socket.close();
            back.join();
            return again;
        }
    }

    private void feed(RtpVideoSender sender) {
        byte[] buffer = new byte[2048];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                sender.receive(ByteBuffer.wrap(buffer, 0, packet.getLength()));
            } catch (SocketException e) {
                assertThat(socket.isClosed()).isTrue();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void transmit(ByteBuffer datagram, int port, int rtcpPort) {
        boolean rtcp = RtpHeader.isRtcp(datagram);
        if (socket.isClosed() || (rtcp && rtcpPort == 0)) {
            return; // a plain receiver without an RTCP port
        }
        synchronized (random) {
            if (!rtcp && random.nextInt(100) < lossPercent) {
                dropped.incrementAndGet();
                return;
            }
        }
        byte[] bytes = Units.copy(datagram);
        try {
            socket.send(
                    new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), rtcp ? rtcpPort : port));
        } catch (IOException e) {
            assertThat(peer.isAlive()).as("the receiver runs: %s", e).isTrue();
        }
    }

    private static int freePort() throws IOException {
        try (DatagramSocket probe = new DatagramSocket(0)) {
            return probe.getLocalPort();
        }
    }

    private void awaitBound(int port) throws IOException {
        String hex = String.format(Locale.ROOT, ":%04X ", port);
        for (long begin = System.nanoTime(); System.nanoTime() - begin < PATIENCE.toNanos(); ) {
            if (Files.readString(Path.of("/proc/net/udp")).contains(hex)
                    || Files.readString(Path.of("/proc/net/udp6")).contains(hex)) {
                return;
            }
            assertThat(peer.isAlive()).as(log()).isTrue();
            Clock.system().sleep(Duration.ofMillis(20));
        }
        throw new AssertionError("the receiver never opened its port: " + log());
    }

    private void await(String file, long bytes) throws IOException {
        for (long begin = System.nanoTime(); System.nanoTime() - begin < PATIENCE.toNanos(); ) {
            if (Files.exists(folder.resolve(file)) && Files.size(folder.resolve(file)) >= bytes) {
                return;
            }
            if (System.nanoTime() - begin > PATIENCE.toNanos() / 10) {
                interruptOnce(); // a decoder may hold its last pictures until it is told that nothing follows
            }
            Clock.system().sleep(Duration.ofMillis(50));
        }
        throw new AssertionError(
                file + " has " + Files.size(folder.resolve(file)) / FRAME_BYTES + " pictures: " + log());
    }

    /** Once: a second one makes ffmpeg drop what it holds. */
    private void interruptOnce() throws IOException {
        if (!interrupted && peer.isAlive()) {
            interrupted = true;
            new ProcessBuilder("kill", "-INT", "" + peer.pid()).start();
        }
    }

    private void interrupt() throws IOException, InterruptedException {
        interruptOnce();
        assertThat(peer.waitFor(30, TimeUnit.SECONDS)).as("the receiver ends").isTrue();
    }

    private String log() throws IOException {
        StringBuilder text = new StringBuilder();
        for (String name : List.of("sh.log", "ffmpeg.log")) {
            Path file = folder.resolve(name);
            text.append(Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "");
        }
        return text.toString();
    }

    private static void assertSamePictures(byte[] out, byte[] expected) {
        assertThat(out.length).isEqualTo(expected.length);
        assertThat(expected.length).isEqualTo(Recording.FRAMES * FRAME_BYTES);
        for (int i = 0; i < Recording.FRAMES; i++) {
            int from = i * FRAME_BYTES;
            assertThat(Arrays.equals(out, from, from + FRAME_BYTES, expected, from, from + FRAME_BYTES))
                    .as("picture %d of %d", i, Recording.FRAMES)
                    .isTrue();
        }
    }

    private static void assertSameNals(byte[] out, byte[] sent) {
        assertThat(Units.nals(out)).containsExactlyElementsOf(Units.nals(sent));
    }
}
