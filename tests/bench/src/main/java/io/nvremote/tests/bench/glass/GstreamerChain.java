// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.glass;

import io.nvremote.core.Clock;
import io.nvremote.tests.bench.Child;
import io.nvremote.tests.bench.LacksPeer;
import io.nvremote.tests.bench.Machine;
import io.nvremote.tests.bench.Run;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The peer: the same way by GStreamer's own elements, set for the least delay. Two processes, like ours. */
record GstreamerChain(String encoder, boolean damage) {

    private static final Duration LISTENING = Duration.ofSeconds(1);
    private static final String WHAT = "glass-to-glass against GStreamer";

    /** With x264 where it is installed (the faster one), else with openh264. */
    static GstreamerChain find() throws InterruptedException {
        Machine.needs("gst-launch-1.0", WHAT, "gstreamer1.0-tools");
        Map<String, String> packages = Map.of(
                "ximagesrc", "gstreamer1.0-plugins-good",
                "ximagesink", "gstreamer1.0-x",
                "rtpjitterbuffer", "gstreamer1.0-plugins-good",
                "avdec_h264", "gstreamer1.0-libav");
        for (Map.Entry<String, String> element : packages.entrySet()) {
            if (!has(element.getKey())) {
                throw new LacksPeer(WHAT + " (no " + element.getKey() + ")", element.getValue());
            }
        }
        if (has("x264enc")) {
            return new GstreamerChain("x264enc", true);
        }
        if (has("openh264enc")) {
            return new GstreamerChain("openh264enc", true);
        }
        throw new LacksPeer(WHAT + " (no H.264 encoder)", "gstreamer1.0-plugins-ugly or gstreamer1.0-plugins-bad");
    }

    private static boolean has(String element) throws InterruptedException {
        try {
            Child.output(List.of("gst-inspect-1.0", "--exists", element), "");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "GStreamer ximagesrc" + (damage ? "" : " use-damage=false") + ", " + encoder;
    }

    List<Child> start(Run run, String source, String sink, int rate, int bitsPerSecond) throws IOException {
        int port = Machine.freeUdpPort();
        String coding = encoder.equals("x264enc")
                ? "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=1000 bitrate=" + bitsPerSecond / 1000
                : "openh264enc complexity=low usage-type=screen gop-size=1000 bitrate=" + bitsPerSecond;
        Child client = launch(
                run,
                "udpsrc port=" + port + " buffer-size=4194304"
                        + " caps=application/x-rtp,media=video,clock-rate=90000,encoding-name=H264,payload=96"
                        + " ! rtpjitterbuffer latency=0 ! rtph264depay ! avdec_h264 ! videoconvert"
                        + " ! ximagesink sync=false display=" + sink);
        Clock.system().sleep(LISTENING); // it has no way to ask for the key frame that begins the stream
        Child host = launch(
                run,
                "ximagesrc display-name=" + source + " use-damage=" + damage + " show-pointer=false"
                        + " ! video/x-raw,framerate=" + rate + "/1 ! videoconvert ! video/x-raw,format=I420 ! " + coding
                        + " ! rtph264pay config-interval=-1 mtu=1200 ! udpsink sync=false host=127.0.0.1 port=" + port);
        return List.of(client, host);
    }

    private static Child launch(Run run, String pipeline) throws IOException {
        List<String> command = new ArrayList<>(List.of("gst-launch-1.0", "-q"));
        command.addAll(Arrays.asList(pipeline.split(" ", -1)));
        return Child.start(run, Map.of(), command);
    }
}
