// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.rest;

import io.nvremote.core.Clock;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Connections over TLS that each ask the same again as soon as they have the answer (HTTP/1.1, kept alive). They are opened
 * once and used in each {@link #run}. A client this small costs less of the machine than what it measures.
 */
final class ClosedLoop implements AutoCloseable {

    private final List<Connection> connections = new ArrayList<>();
    private final ExecutorService threads;

    ClosedLoop(SSLContext tls, int port, int connections, String path, String token) throws IOException {
        threads = Executors.newFixedThreadPool(connections);
        byte[] request = ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nAuthorization: Bearer " + token
                        + "\r\nAccept: application/json\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < connections; i++) {
            this.connections.add(new Connection(tls, port, request));
        }
    }

    /** One answer's body. */
    byte[] once() throws IOException {
        return connections.getFirst().ask();
    }

    /** Asks for that long on all connections; how many answers came. All of them were 200. */
    long run(Duration duration) throws IOException, InterruptedException {
        long end = Clock.system().nanos() + duration.toNanos();
        List<Callable<Long>> loops = new ArrayList<>();
        for (Connection connection : connections) {
            loops.add(() -> {
                long answers = 0;
                while (Clock.system().nanos() < end) {
                    connection.ask();
                    answers++;
                }
                return answers;
            });
        }
        long answers = 0;
        for (Future<Long> loop : threads.invokeAll(loops)) {
            try {
                answers += loop.get();
            } catch (ExecutionException e) {
                throw new IOException("a connection failed", e.getCause());
            }
        }
        return answers;
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        for (Connection connection : connections) {
            connection.socket.close();
        }
    }

    private static final class Connection {

        private final SSLSocket socket;
        private final InputStream in;
        private final OutputStream out;
        private final byte[] request;

        Connection(SSLContext tls, int port, byte[] request) throws IOException {
            this.request = request;
            socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(30_000);
            in = new BufferedInputStream(socket.getInputStream(), 32 * 1024);
            out = socket.getOutputStream();
        }

        byte[] ask() throws IOException {
            out.write(request);
            out.flush();
            String status = line();
            int length = -1;
            boolean chunked = false;
            for (String header = line(); !header.isEmpty(); header = line()) {
                String lower = header.toLowerCase(Locale.ROOT);
                if (lower.startsWith("content-length:")) {
                    length = Integer.parseInt(lower.substring(15).strip());
                }
                chunked |= lower.startsWith("transfer-encoding:") && lower.endsWith("chunked");
            }
            byte[] body = chunked ? chunks() : in.readNBytes(Math.max(0, length));
            if (!status.startsWith("HTTP/1.1 200")) {
                throw new IOException(status + " " + new String(body, StandardCharsets.UTF_8));
            }
            return body;
        }

        private byte[] chunks() throws IOException {
            byte[] body = new byte[0];
            for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
                int from = body.length;
                body = java.util.Arrays.copyOf(body, from + size);
                if (in.readNBytes(body, from, size) < size) {
                    throw new EOFException();
                }
                line();
            }
            line();
            return body;
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder(64);
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new EOFException();
                }
                if (c != '\r') {
                    line.append((char) c);
                }
            }
            return line.toString();
        }
    }
}
