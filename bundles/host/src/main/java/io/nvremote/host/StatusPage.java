// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.nvremote.core.Secret;
import io.nvremote.encode.Encoder;
import io.nvremote.identity.Credentials;
import io.nvremote.lib.files.StateFiles;
import io.nvremote.lib.files.StateFiles.Readers;
import io.nvremote.lib.process.ProcessMetrics;
import io.nvremote.transport.SenderStats;
import io.nvremote.tunnel.Tunnel;
import io.nvremote.tunnel.TunnelStats;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What the host is doing, as JSON on a loopback port, for whoever may read the token in {@code status.json} of the data folder.
 * Reads only. Safe for any thread.
 */
final class StatusPage implements AutoCloseable {

    private final HostRole role;
    private final RankedServices<Encoder> encoders;
    private final ObjectMapper json = new ObjectMapper();
    private final Secret token;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Path file;

    private StatusPage(HostRole role, RankedServices<Encoder> encoders, HttpServer server, Path file) {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        this.token = new Secret(HexFormat.of().formatHex(random));
        this.role = role;
        this.encoders = encoders;
        this.server = server;
        this.file = file;
    }

    /** Opens the port and writes the file that tells port and token. */
    static StatusPage open(HostRole role, RankedServices<Encoder> encoders, Path data, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
        StatusPage page = new StatusPage(role, encoders, server, data.resolve("status.json"));
        server.createContext("/", page::answer);
        server.setExecutor(page.threads);
        server.start();
        ObjectNode where = page.json.createObjectNode();
        where.put("url", "http://127.0.0.1:" + server.getAddress().getPort() + "/status");
        where.put("token", page.token.reveal());
        where.put("pid", ProcessHandle.current().pid());
        StateFiles.write(page.file, page.json.writeValueAsString(where), Readers.OWNER);
        return page;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String authorization =
                    Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), "");
            boolean known = authorization.startsWith("Bearer ") && new Secret(authorization.substring(7)).equals(token);
            if (!known) {
                exchange.sendResponseHeaders(401, -1);
            } else if (!exchange.getRequestMethod().equals("GET")
                    || !exchange.getRequestURI().getPath().equals("/status")) {
                exchange.sendResponseHeaders(404, -1);
            } else {
                byte[] body = json.writerWithDefaultPrettyPrinter().writeValueAsBytes(status());
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.getResponseHeaders().set("Cache-Control", "no-store");
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    private ObjectNode status() {
        ObjectNode root = json.createObjectNode();
        Credentials credentials = role.credentials();
        ProcessMetrics process = ProcessMetrics.now();
        root.put("state", role.state().name());
        root.put("host_id", credentials == null ? null : credentials.host().toString());
        root.put("cpu_nanos", process.cpuNanos());
        root.put("resident_bytes", process.residentBytes());
        ArrayNode choices = root.putArray("encoders");
        encoders.everything().forEach(encoder -> choices.addObject()
                .put("name", encoder.name())
                .put("version", encoder.version())
                .put("ranking", encoder.ranking())
                .put("set_aside", encoders.whySetAside(encoder)));
        ArrayNode sessions = root.putArray("sessions");
        role.desk().ordered().forEach(session -> describe(session, sessions.addObject()));
        return root;
    }

    private static void describe(StreamSession session, ObjectNode node) {
        ServiceCandidate<Encoder> encoder = session.encoder();
        node.put("session_id", session.id().toString());
        node.put("up", session.isUp());
        node.put("capture", session.capture());
        node.put("size", session.size() == null ? null : session.size().toString());
        node.put("encoder", encoder == null ? null : encoder.name());
        node.put("encoder_version", encoder == null ? null : encoder.version());
        StreamMetrics f = session.figures();
        node.put("captured", f.captured.get())
                .put("unchanged", f.unchanged.get())
                .put("encoded", f.encoded.get())
                .put("sent", f.sent.get())
                .put("dropped", f.dropped.get())
                .put("bytes", f.bytes.get())
                .put("key_frames", f.keyFrames.get())
                .put("swaps", f.swaps.get())
                .put("longest_swap_nanos", f.longestSwapNanos.get())
                .put("encoder_failures", f.encoderFailures.get())
                .put("hangs", f.hangs.get())
                .put("capture_failures", f.captureFailures.get())
                .put("inputs", f.inputs.get())
                .put("input_failures", f.inputFailures.get())
                .put("bad_messages", f.badMessages.get());
        ArrayNode failures = node.putArray("last_encoder_failures");
        f.lastEncoderFailures().forEach(failure -> failures.addObject()
                .put("encoder", failure.encoder())
                .put("version", failure.version())
                .put("reason", failure.reason()));
        SenderStats sender = session.senderStats();
        if (sender != null) {
            node.put("packets", sender.packets())
                    .put("retransmissions", sender.retransmissions())
                    .put("key_frame_requests", sender.keyFrameRequests())
                    .put("round_trip_nanos", sender.roundTripNanos())
                    .put("loss_fraction", sender.lossFraction())
                    .put("target_bits_per_second", sender.target().bitsPerSecond());
        }
        Tunnel tunnel = session.tunnel();
        if (tunnel != null) {
            TunnelStats stats = tunnel.stats();
            node.put("path", tunnel.path().kind().name())
                    .put("path_changes", stats.pathChanges())
                    .put("tunnel_sent_bytes", stats.sentBytes())
                    .put("tunnel_received_bytes", stats.receivedBytes())
                    .put("tunnel_rejected", stats.rejected());
        }
    }

    @Override
    public void close() throws IOException {
        server.stop(0);
        threads.shutdownNow();
        Files.deleteIfExists(file);
    }
}
