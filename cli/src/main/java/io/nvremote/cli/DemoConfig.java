// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** The configuration of the demo's runtimes: everything on loopback, on ports that were free a moment ago. */
final class DemoConfig {

    private final Path folder;
    private final String gatewayId;
    private final ObjectMapper json = new ObjectMapper();
    private final int controlPort;
    private final int hostPort;
    private final int identityPort;
    private final int gatewayControlPort;
    private final int gatewayMetricsPort;
    private final int gatewayUdpPort;

    private DemoConfig(Path folder, String gatewayId, Properties ports) {
        this.folder = folder;
        this.gatewayId = gatewayId;
        controlPort = port(ports, "control");
        hostPort = port(ports, "host");
        identityPort = port(ports, "identity");
        gatewayControlPort = port(ports, "gateway.control");
        gatewayMetricsPort = port(ports, "gateway.metrics");
        gatewayUdpPort = port(ports, "gateway.udp");
    }

    static DemoConfig of(Path folder, String gatewayId) throws IOException {
        // Kept for the next demo in this folder: a user is who an issuer says, and the issuer's name has its port.
        Path file = folder.resolve("ports.properties");
        Properties ports = new Properties();
        if (Files.exists(file)) {
            try (Reader in = Files.newBufferedReader(file)) {
                ports.load(in);
            }
        }
        DemoConfig config = new DemoConfig(folder, gatewayId, ports);
        try (Writer out = Files.newBufferedWriter(file)) {
            ports.store(out, null);
        }
        for (String own : new String[] {
            "control-plane", "gateway", "host-agent", "client", "host-agent/publishers", "client/publishers"
        }) {
            Files.createDirectories(folder.resolve(own));
        }
        // Of an earlier demo in this folder: what is awaited must be new.
        Files.deleteIfExists(config.pageFile());
        Files.deleteIfExists(config.stopFile());
        return config;
    }

    private static int port(Properties ports, String name) {
        String port = ports.getProperty(name);
        while (port == null) { // The system may give the same one twice.
            String free = Integer.toString(name.endsWith("udp") ? freeUdpPort() : freeTcpPort());
            port = ports.containsValue(free) ? null : free;
        }
        ports.setProperty(name, port);
        return Integer.parseInt(port);
    }

    static int freeTcpPort() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new Trouble("no free port on loopback", e);
        }
    }

    private static int freeUdpPort() {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new Trouble("no free port on loopback", e);
        }
    }

    private Path certificates() {
        return folder.resolve("control-plane/certificates");
    }

    Path authority() {
        return certificates().resolve("ca.pem");
    }

    String controlUrl() {
        return "https://127.0.0.1:" + controlPort;
    }

    int gatewayUdpPort() {
        return gatewayUdpPort;
    }

    /** Ends the watch of a headless client before its time. */
    Path stopFile() {
        return folder.resolve("client/stop");
    }

    Path pageFile() {
        return folder.resolve("client/page-url.txt");
    }

    boolean gatewayAlive() {
        try (HttpClient http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + gatewayMetricsPort + "/livez"))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false; // not listening yet
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private ObjectNode root(String name) {
        return json.createObjectNode()
                .put(":configurator:resource-version", 1)
                .put(":configurator:symbolic-name", "io.nvremote.demo." + name)
                .put(":configurator:version", "1.0.0");
    }

    /** Values for the placeholders of {@code runtimes/control-plane/config/demo.json}. */
    List<String> controlPlaneProperties() {
        return List.of(
                "-Dnvremote.data=" + folder.resolve("control-plane"),
                "-Dnvremote.address=127.0.0.1",
                "-Dnvremote.api.port=" + controlPort,
                "-Dnvremote.host.port=" + hostPort,
                "-Dnvremote.local.port=" + identityPort,
                "-Dnvremote.gateway.id=" + gatewayId,
                "-Dnvremote.gateway.target=127.0.0.1:" + gatewayControlPort);
    }

    ObjectNode gateway() {
        ObjectNode root = root("gateway");
        root.putObject("io.nvremote.gateway")
                .put("bind.address", "127.0.0.1")
                .put("udp.port", gatewayUdpPort)
                .put("metrics.port", gatewayMetricsPort);
        root.putObject("io.nvremote.relay.grpc.server")
                .put("gateway.id", gatewayId)
                .put("endpoint", "127.0.0.1:" + gatewayUdpPort)
                .put("bind.address", "127.0.0.1")
                .put("port", gatewayControlPort);
        Path certificates = certificates();
        root.putObject("io.nvremote.keys.file~gateway")
                .put("keys.name", "gateway")
                .put(
                        "certificate.file",
                        certificates.resolve("gateway-" + gatewayId + ".pem").toString())
                .put(
                        "key.file",
                        certificates
                                .resolve("gateway-" + gatewayId + "-key.pem")
                                .toString())
                .put("authority.file", authority().toString());
        return root;
    }

    ObjectNode hostAgent(
            String org, Path token, DemoCommand.Capture capture, @Nullable String display, DemoCommand asked) {
        ObjectNode root = root("host-agent");
        Path data = folder.resolve("host-agent");
        String kept = data.resolve("identity").toString();
        root.putObject("io.nvremote.host.identity")
                .put("control.url", controlUrl())
                .put("org.id", org)
                .put("token.file", token.toString())
                .put("authority.file", authority().toString())
                .put("data.folder", kept)
                .put("host.name", "demo-host");
        root.putObject("io.nvremote.host")
                .put("signal.url", "wss://127.0.0.1:" + hostPort + "/ws/host")
                .put("data.folder", kept)
                .put("capture.source", source(capture, asked))
                .put("capture.display", display == null ? "" : display)
                .put("video.codec", asked.codec.name().toLowerCase(Locale.ROOT))
                // A demo shares its machine with a build, a browser and four more runtimes: patience with slow
                // encoders.
                .put("encoder.hang", asked.fakeGpu ? "PT10S" : "PT4S")
                .put("encoder.open", "PT40S")
                // The client is the first to say that a session is over.
                .put("client.silence", Duration.ofSeconds(asked.silence + 10).toString());
        plugins(root, data);
        if (asked.fakeGpu) {
            fakeGpu(root);
        }
        if (asked.workers) { // a configuration, whatever is in it, is what turns them on
            root.putObject("io.nvremote.encode.software.worker").put("threads", 2);
            root.putObject("io.nvremote.capture.x11.worker").put("display", "");
        }
        return root;
    }

    /** Its codecs are the CPU's, of which one that codes for quality takes seconds for a picture where the machine is busy. */
    private void fakeGpu(ObjectNode root) {
        String driver = folder.resolve("fake-gpu").toString();
        root.putObject("io.nvremote.media.worker").put("call.limit", "PT9S");
        root.putObject("io.nvremote.capture.nvfbc").put("driver.folder", driver);
        root.putObject("io.nvremote.gpu.nvml").put("driver.folder", driver);
        root.putObject("io.nvremote.encode.nvenc")
                .put("driver.folder", driver)
                .put("slots.folder", folder.resolve("fake-gpu/slots").toString());
    }

    private static void plugins(ObjectNode root, Path data) {
        root.putObject("io.nvremote.updates.phasein")
                .put("data.folder", data.toString())
                .put("publishers.folder", data.resolve("publishers").toString())
                .put("probation", "PT7S");
    }

    /** With a driver the host is to choose by itself, as it would on a GPU. */
    private static String source(DemoCommand.Capture capture, DemoCommand asked) {
        boolean chooses = asked.fakeGpu && capture == DemoCommand.Capture.X11;
        return chooses ? "auto" : capture.name().toLowerCase(Locale.ROOT);
    }

    ObjectNode client(DemoCommand asked, DemoCommand.Capture capture, @Nullable Duration watch, String user) {
        ObjectNode root = root("client");
        root.putObject("io.nvremote.client")
                .put("control.url", controlUrl())
                .put("control.ca", authority().toString())
                .put("signin.url", "http://127.0.0.1:" + identityPort)
                .put("path.policy", asked.path.name().toLowerCase(Locale.ROOT))
                .put("host.silence", Duration.ofSeconds(asked.silence).toString());
        plugins(root, folder.resolve("client"));
        if (watch == null) {
            root.putObject("io.nvremote.client.page").put("url.file", pageFile().toString());
        } else {
            root.putObject("io.nvremote.client.headless")
                    .put("control.ca", authority().toString())
                    .put("user", user)
                    .put("seconds", watch.toSeconds())
                    .put("stop.file", stopFile().toString())
                    .put("report", folder.resolve("client/report.json").toString())
                    .put("expect", capture.name().toLowerCase(Locale.ROOT))
                    .put("decoder.hang", "PT4S");
        }
        return root;
    }
}
