// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.operators;

import io.nvremote.tests.kit.Checkout;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A runtime's jar started as an operator would: {@code java -jar}, with nothing but what is given here. */
final class JarProcess implements AutoCloseable {

    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private final Process process;
    private final Path log;

    private JarProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static Path runtime(String name) {
        return Checkout.root().resolve("runtimes/" + name + "/target/" + name + ".jar");
    }

    static Path java() {
        return Path.of(System.getProperty("java.home"), "bin/java");
    }

    /** @param folder where it runs and gets its {@code log} */
    static JarProcess start(Path java, Path jar, Path folder, Map<String, String> environment, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(java.toString(), "-Xmx256m", "-jar", jar.toString()));
        command.addAll(arguments);
        Path log = folder.resolve("log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("NVREMOTE_"));
        builder.environment().putAll(environment);
        return new JarProcess(builder.start(), log);
    }

    /** Waits for the end, and answers how it ended. */
    int ended() throws InterruptedException {
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            throw new AssertionError("did not end: " + log());
        }
        return process.exitValue();
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** True once {@code http://127.0.0.1:<port><path>} answers 200; fails if the process is gone. */
    boolean serves(int port, String path) {
        if (!process.isAlive()) {
            throw new AssertionError("ended with " + process.exitValue() + ":\n" + log());
        }
        return get(port, path).statusCode() == 200;
    }

    /** What is answered there. */
    String page(int port, String path) {
        return get(port, path).body();
    }

    private static Answer get(int port, String path) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.body());
        } catch (IOException e) {
            return new Answer(0, ""); // not listening yet
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Answer(int statusCode, String body) {}

    /** One that nobody was given before, below those that the system gives to whoever connects. */
    static int freePort() {
        int port = 0;
        while (!GIVEN.add(port) || !isFree(port)) {
            port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
        }
        return port;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.getLocalPort() == port;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError("did not stop in 30 s:\n" + log());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
