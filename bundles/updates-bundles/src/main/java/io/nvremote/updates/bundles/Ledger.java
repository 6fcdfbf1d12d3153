// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.bundles;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.StreamException;
import io.nvremote.lib.files.StateFiles;
import io.nvremote.updates.BundleChange;
import io.nvremote.updates.UpdateError;
import java.io.IOException;
import java.nio.ByteBuffer;
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
 * What the next start of the runtime has to know: which bundles stand in for those that it was shipped with, and what was changed when.
 * Written whole before anything is done, so that a crash leaves one state or the other. Safe for any thread.
 */
final class Ledger {

    private static final int LONGEST_HISTORY = 200;

    private final Path folder;
    private final ObjectMapper json = new ObjectMapper();
    /** By name, the newest last. */
    private final Map<String, List<Update>> updates = new LinkedHashMap<>();

    private final List<BundleChange> history = new ArrayList<>();

    /**
     * One version that stands in for the runtime's own.
     *
     * @param shipped version of the runtime's own; an update was made for that
     * @param proven whether the runtime has been well with it
     * @param starts how often it was started since, without having been well
     */
    record Update(String version, String shipped, String file, Instant at, boolean proven, int starts) {

        Update proof() {
            return new Update(version, shipped, file, at, true, 0);
        }

        Update started() {
            return new Update(version, shipped, file, at, proven, starts + 1);
        }
    }

    Ledger(Path folder) throws IOException {
        this.folder = folder;
        StateFiles.ownerFolder(jars());
        if (Files.exists(file())) {
            read(json.readTree(Files.readAllBytes(file())));
        }
    }

    private Path file() {
        return folder.resolve("state.json");
    }

    private Path jars() {
        return folder.resolve("jars");
    }

    private void read(JsonNode root) throws IOException {
        try {
            root.path("updates").properties().forEach(entry -> entry.getValue()
                    .forEach(one -> add(
                            entry.getKey(),
                            new Update(
                                    one.path("version").asText(),
                                    one.path("shipped").asText(),
                                    Path.of(one.path("file").asText())
                                            .getFileName()
                                            .toString(),
                                    Instant.parse(one.path("at").asText()),
                                    one.path("proven").asBoolean(),
                                    one.path("starts").asInt()))));
            root.path("history")
                    .forEach(one -> history.add(new BundleChange(
                            one.path("name").asText(),
                            one.path("from").asText(),
                            one.path("to").asText(),
                            BundleChange.State.valueOf(one.path("state").asText()),
                            one.path("detail").asText(),
                            Instant.parse(one.path("at").asText()))));
        } catch (IllegalArgumentException | java.time.DateTimeException e) {
            throw new IOException(file() + " is damaged", e);
        }
    }

    private void add(String name, Update update) {
        updates.computeIfAbsent(name, key -> new ArrayList<>()).add(update);
    }

    synchronized Optional<Update> current(String name) {
        List<Update> all = updates.getOrDefault(name, List.of());
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    /** The one before the current, if there is. */
    synchronized Optional<Update> before(String name) {
        List<Update> all = updates.getOrDefault(name, List.of());
        return all.size() < 2 ? Optional.empty() : Optional.of(all.get(all.size() - 2));
    }

    synchronized List<String> names() {
        return List.copyOf(updates.keySet());
    }

    synchronized List<BundleChange> history() {
        return List.copyOf(history);
    }

    /** Keeps a version and its bytes. */
    synchronized Update push(String name, String version, String shipped, ByteBuffer content, Instant now) {
        String file = name + "-" + version + ".jar";
        Update update = new Update(version, shipped, file, now, false, 0);
        try {
            StateFiles.write(jars().resolve(file), content, StateFiles.Readers.OWNER);
        } catch (IOException e) {
            throw unwritable(jars().resolve(file), e);
        }
        add(name, update);
        save();
        return update;
    }

    /** Forgets the newest; the one before, or the runtime's own, is what the next start takes. */
    synchronized void pop(String name) {
        List<Update> all = updates.get(name);
        if (all != null) {
            all.removeLast();
            if (all.isEmpty()) {
                updates.remove(name);
            }
            save();
        }
    }

    synchronized void replace(String name, Update update) {
        List<Update> all = updates.get(name);
        if (all != null && !all.getLast().equals(update)) {
            all.set(all.size() - 1, update);
            save();
        }
    }

    synchronized void record(BundleChange change) {
        history.add(change);
        while (history.size() > LONGEST_HISTORY) {
            history.removeFirst();
        }
        save();
    }

    Path jar(Update update) {
        return jars().resolve(update.file());
    }

    private void save() {
        ObjectNode root = json.createObjectNode();
        ObjectNode kept = root.putObject("updates");
        updates.forEach((name, all) -> {
            ArrayNode list = kept.putArray(name);
            all.forEach(one -> list.addObject()
                    .put("version", one.version())
                    .put("shipped", one.shipped())
                    .put("file", one.file())
                    .put("at", one.at().toString())
                    .put("proven", one.proven())
                    .put("starts", one.starts()));
        });
        ArrayNode list = root.putArray("history");
        history.forEach(one -> list.addObject()
                .put("name", one.name())
                .put("from", one.from())
                .put("to", one.to())
                .put("state", one.state().name())
                .put("detail", one.detail())
                .put("at", one.at().toString()));
        try {
            StateFiles.write(file(), json.writeValueAsBytes(root), StateFiles.Readers.OWNER);
            sweep();
        } catch (IOException e) {
            throw unwritable(file(), e);
        }
    }

    /** Jars that nothing names any more. */
    private void sweep() throws IOException {
        List<String> named = updates.values().stream()
                .flatMap(List::stream)
                .map(Update::file)
                .toList();
        try (Stream<Path> files = Files.list(jars())) {
            for (Path file : files.toList()) {
                if (!named.contains(file.getFileName().toString())) {
                    Files.delete(file);
                }
            }
        }
    }

    private static StreamException unwritable(Path file, IOException e) {
        return new StreamException(UpdateError.FILE_UNREADABLE, file + " can't be written: " + e.getMessage(), e);
    }
}
