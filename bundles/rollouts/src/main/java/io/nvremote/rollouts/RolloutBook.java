// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rollouts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.lib.files.StateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The roll-outs of this control plane and their jars, in a folder. Written whole with each change, so that a crash leaves one state or the
 * other. Safe for any thread.
 */
final class RolloutBook {

    /** Of those that are over; the oldest are forgotten. */
    private static final int MOST_OVER = 50;

    private final Path folder;
    private final ObjectMapper json = new ObjectMapper();
    /** By id, the newest last. */
    private final Map<String, Rollout> rollouts = new LinkedHashMap<>();

    RolloutBook(Path folder) throws IOException {
        this.folder = folder;
        StateFiles.ownerFolder(folder.resolve("jars"));
        if (Files.exists(file())) {
            try {
                json.readTree(Files.readAllBytes(file())).path("rollouts").forEach(this::read);
            } catch (IllegalArgumentException | java.time.DateTimeException | StreamException e) {
                throw new IOException(file() + " is damaged", e);
            }
        }
    }

    private Path file() {
        return folder.resolve("state.json");
    }

    private Path jar(String sha256) {
        return folder.resolve("jars").resolve(sha256 + ".jar");
    }

    private void read(JsonNode one) {
        List<Place> places = new ArrayList<>();
        one.path("hosts")
                .forEach(place -> places.add(new Place(
                        HostId.of(place.path("host").asText()),
                        place.path("name").asText(),
                        place.path("wave").asInt(),
                        Place.Step.valueOf(place.path("step").asText()),
                        place.path("detail").asText(),
                        Instant.parse(place.path("at").asText()))));
        Rollout read = new Rollout(
                one.path("id").asText(),
                OrgId.of(one.path("org").asText()),
                one.path("bundle").asText(),
                one.path("version").asText(),
                one.path("sha256").asText(),
                one.path("at_restart").asBoolean(),
                Instant.parse(one.path("started_at").asText()),
                Rollout.State.valueOf(one.path("state").asText()),
                one.path("reason").asText(),
                one.path("wave").asInt(),
                places);
        rollouts.put(read.id(), read);
    }

    /** What is kept of it, also for the command line. */
    static void describe(Rollout one, ObjectNode into) {
        into.put("id", one.id())
                .put("org", one.org().toString())
                .put("bundle", one.bundle())
                .put("version", one.version())
                .put("sha256", one.sha256())
                .put("at_restart", one.atRestart())
                .put("started_at", one.startedAt().toString())
                .put("state", one.state().name())
                .put("reason", one.reason())
                .put("wave", one.wave());
        ArrayNode hosts = into.putArray("hosts");
        one.places().forEach(place -> hosts.addObject()
                .put("host", place.host().toString())
                .put("name", place.name())
                .put("wave", place.wave())
                .put("step", place.step().name())
                .put("detail", place.detail())
                .put("at", place.at().toString()));
    }

    synchronized List<Rollout> all() {
        return List.copyOf(rollouts.values());
    }

    synchronized Optional<Rollout> find(String id) {
        return Optional.ofNullable(rollouts.get(id));
    }

    /**
     * Keeps a new one with its jar.
     *
     * @throws StreamException {@link RolloutError#ROLLOUTS_UNWRITABLE}
     */
    synchronized void add(Rollout fresh, ByteBuffer content) {
        try {
            StateFiles.write(jar(fresh.sha256()), content, StateFiles.Readers.OWNER);
        } catch (IOException e) {
            throw unwritable(jar(fresh.sha256()), e);
        }
        put(fresh);
    }

    /** Keeps what became of one; nothing is written if that is nothing. */
    synchronized void put(Rollout next) {
        Rollout before = rollouts.put(next.id(), next);
        if (next.equals(before)) {
            return;
        }
        try {
            save();
        } catch (StreamException e) {
            if (before == null) {
                rollouts.remove(next.id());
            } else {
                rollouts.put(next.id(), before); // Said again with the next look.
            }
            throw e;
        }
    }

    private void save() {
        List<String> over = rollouts.values().stream()
                .filter(one -> !one.isRunning())
                .map(Rollout::id)
                .toList();
        over.stream().limit(Math.max(0, over.size() - MOST_OVER)).forEach(rollouts::remove);
        ObjectNode root = json.createObjectNode();
        ArrayNode list = root.putArray("rollouts");
        rollouts.values().forEach(one -> describe(one, list.addObject()));
        try {
            StateFiles.write(file(), json.writeValueAsBytes(root), StateFiles.Readers.OWNER);
            sweep();
        } catch (IOException e) {
            throw unwritable(file(), e);
        }
    }

    /** Jars of which nothing is rolled out any more. */
    private void sweep() throws IOException {
        List<Path> wanted = rollouts.values().stream()
                .filter(Rollout::isRunning)
                .map(one -> jar(one.sha256()))
                .toList();
        try (Stream<Path> files = Files.list(folder.resolve("jars"))) {
            for (Path file : files.toList()) {
                if (!wanted.contains(file)) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Bytes of a jar from that offset on; none behind its end. */
    ByteBuffer part(String sha256, long offset, int most) throws IOException {
        try (FileChannel channel = FileChannel.open(jar(sha256))) {
            ByteBuffer part = ByteBuffer.allocate(most);
            while (part.hasRemaining() && channel.read(part, offset + part.position()) > 0) {
                // Until it is full, or the file ends.
            }
            return part.flip();
        }
    }

    long bytes(String sha256) throws IOException {
        return Files.size(jar(sha256));
    }

    private static StreamException unwritable(Path file, IOException e) {
        return new StreamException(RolloutError.ROLLOUTS_UNWRITABLE, file + " can't be written: " + e.getMessage(), e);
    }
}
