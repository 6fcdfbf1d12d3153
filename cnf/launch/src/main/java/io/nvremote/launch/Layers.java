// SPDX-License-Identifier: Apache-2.0
package io.nvremote.launch;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Configurations laid over each other, key by key: what comes later wins, and {@code null} takes a key or a whole configuration
 * away. Not safe for several threads.
 */
final class Layers {

    /**
     * One key.
     *
     * @param written the key as it was written, perhaps with a type behind it: {@code port:Integer}
     * @param origin the file or the property it came from
     */
    record Setting(String written, @Nullable Object value, String origin) {}

    private final Map<String, Map<String, Setting>> configurations = new LinkedHashMap<>();
    private final Map<String, String> origins = new LinkedHashMap<>();

    /** By PID, then by key without its type. */
    Map<String, Map<String, Setting>> configurations() {
        return configurations;
    }

    String origin(String pid) {
        return origins.getOrDefault(pid, "?");
    }

    /** @param origin what is said of it when something is wrong */
    void add(String json, String origin) {
        Json.object(json, origin).forEach((pid, configuration) -> {
            if (pid.startsWith(":")) {
                return; // the configurator's own: of the whole file
            }
            if (configuration == null) {
                configurations.remove(pid);
            } else if (configuration instanceof Map<?, ?> keys) {
                Map<String, Setting> known = configuration(pid, origin);
                keys.forEach((key, value) -> set(known, (String) key, value, origin));
            } else {
                throw new Refusal(
                        origin + ": \"" + pid + "\" is the name of a configuration, so { … } stands behind it");
            }
        });
    }

    private Map<String, Setting> configuration(String pid, String origin) {
        origins.put(pid, origin);
        return configurations.computeIfAbsent(pid, fresh -> new LinkedHashMap<>());
    }

    private static void set(Map<String, Setting> known, String written, @Nullable Object value, String origin) {
        int type = written.indexOf(':', 1);
        String key = type < 0 ? written : written.substring(0, type);
        if (value == null) {
            known.remove(key);
        } else {
            known.put(key, new Setting(written, value, origin));
        }
    }

    /** A file, or all {@code *.json} of a folder in the order of their names. */
    void add(Path path) {
        try {
            List<Path> files = new ArrayList<>();
            if (Files.isDirectory(path)) {
                try (DirectoryStream<Path> found = Files.newDirectoryStream(path, "*.json")) {
                    found.forEach(files::add);
                }
                if (files.isEmpty()) {
                    throw new Refusal(path + ": --config names a folder without any *.json");
                }
                files.sort(null);
            } else {
                files.add(path);
            }
            for (Path file : files) {
                add(read(file), file.toString());
            }
        } catch (NoSuchFileException e) {
            throw new Refusal(path + ": --config names a file or folder that is not there");
        } catch (IOException e) {
            throw new Refusal(path + ": can't be read (" + e + ")");
        }
    }

    private static String read(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (MalformedInputException e) {
            throw new Refusal(file + ": a configuration is written in UTF-8, and this file is not");
        }
    }

    /** Properties of the form {@code PID/key}: one key each. A value that begins with {@code [} is a list. */
    void add(Map<?, ?> properties) {
        properties.forEach((name, value) -> {
            String text = String.valueOf(name);
            int slash = text.indexOf('/');
            if (slash > 0 && text.indexOf('.') > 0 && text.indexOf('.') < slash && slash < text.length() - 1) {
                String origin = "-D" + text;
                Object parsed = String.valueOf(value).startsWith("[")
                        ? Json.value(String.valueOf(value), origin)
                        : String.valueOf(value);
                set(configuration(text.substring(0, slash), origin), text.substring(slash + 1), parsed, origin);
            }
        });
    }

    /** All texts in which placeholders may stand. */
    List<String> texts() {
        List<String> texts = new ArrayList<>();
        configurations.values().forEach(keys -> keys.values().forEach(setting -> texts(setting.value(), texts)));
        return texts;
    }

    static void texts(@Nullable Object value, List<String> into) {
        if (value instanceof List<?> list) {
            list.forEach(each -> texts(each, into));
        } else if (value instanceof String text) {
            into.add(text);
        }
    }

    /** One configuration file for the configurator. */
    String json(String name) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put(":configurator:resource-version", new java.math.BigDecimal(1));
        root.put(":configurator:symbolic-name", "io.nvremote.runtime." + name);
        root.put(":configurator:version", "1.0.0");
        configurations.forEach((pid, keys) -> {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            keys.values().forEach(setting -> values.put(setting.written(), setting.value()));
            root.put(pid, values);
        });
        return Json.write(root);
    }
}
