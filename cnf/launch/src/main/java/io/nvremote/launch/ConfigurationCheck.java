// SPDX-License-Identifier: Apache-2.0
package io.nvremote.launch;

import io.nvremote.launch.Layers.Setting;
import io.nvremote.launch.SettingsCatalogue.Pid;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is missing or wrong in a configuration, as far as that can be seen before anything runs. */
final class ConfigurationCheck {

    private static final String[] OF_ANY_COMPONENT = {"service.ranking", "service.description", "service.vendor"};

    private final SettingsCatalogue catalogue;
    private final Placeholders placeholders;
    private final Layers layers;
    private final Set<String> errors = new LinkedHashSet<>();
    private final Set<String> warnings = new LinkedHashSet<>();

    ConfigurationCheck(SettingsCatalogue catalogue, Placeholders placeholders, Layers layers) {
        this.catalogue = catalogue;
        this.placeholders = placeholders;
        this.layers = layers;
        errors.addAll(missing());
        layers.configurations().forEach(this::configuration);
    }

    Collection<String> errors() {
        return errors;
    }

    Collection<String> warnings() {
        return warnings;
    }

    /** What was not given, each with the ways to give it and the keys that want it. */
    private List<String> missing() {
        Map<String, List<String>> wanted = new TreeMap<>();
        layers.configurations()
                .forEach((pid, keys) -> keys.forEach((key, setting) -> {
                    List<String> texts = new ArrayList<>();
                    Layers.texts(setting.value(), texts);
                    for (String text : texts) {
                        for (String name : placeholders.fill(text).missing()) {
                            wanted.computeIfAbsent(name, fresh -> new ArrayList<>())
                                    .add(pid + "/" + key + description(pid, key));
                        }
                    }
                }));
        List<String> lines = new ArrayList<>();
        wanted.forEach((name, keys) -> lines.add(given(name) + "  " + explained(name, keys)));
        return lines;
    }

    private static String explained(String name, List<String> keys) {
        return name.equals("prop:nvremote.data")
                ? "the folder of everything that lasts"
                : "wanted by " + keys.getFirst();
    }

    private static String given(String placeholder) {
        String name = placeholder.substring(placeholder.indexOf(':') + 1);
        if (name.equals("nvremote.data")) {
            return "--data DIR (or NVREMOTE_DATA) is missing.";
        }
        if (placeholder.startsWith("env:")) {
            return "The environment variable " + name + " is missing.";
        }
        String variable = name.startsWith("nvremote.") ? ", or " + Placeholders.inEnvironment(name) + "=…" : "";
        return "-D" + name + "=…" + variable + " is missing.";
    }

    private String description(String pid, String key) {
        Pid known = catalogue.find(pid);
        SettingsCatalogue.Key described = known == null ? null : known.keys.get(key);
        return described == null || described.description().isEmpty() ? "" : ": " + described.description();
    }

    private void configuration(String pid, Map<String, Setting> settings) {
        Pid known = catalogue.find(pid);
        if (known == null) {
            String message = layers.origin(pid) + ": no bundle of this runtime reads \"" + pid + "\"."
                    + near(pid, catalogue.names());
            (pid.startsWith("io.nvremote.") ? errors : warnings).add(message);
            return;
        }
        settings.forEach((key, setting) -> key(pid, known, key, setting));
        known.keys.forEach((key, described) -> {
            if (described.required() && !described.list() && !settings.containsKey(key)) {
                errors.add(pid + "/" + key + " is missing: " + described.description());
            }
        });
    }

    private void key(String pid, Pid known, String key, Setting setting) {
        SettingsCatalogue.Key described = known.keys.get(key);
        if (described != null) {
            type(pid + "/" + key, described, setting);
        } else if (known.described && !key.startsWith(":") && !ofAnyComponent(known, key)) {
            errors.add(setting.origin() + ": " + pid + " has no key \"" + key + "\"." + near(key, known.keys.keySet()));
        }
    }

    private static boolean ofAnyComponent(Pid known, String key) {
        String reference = key.replaceAll("\\.(target|cardinality\\.minimum)$", "");
        return List.of(OF_ANY_COMPONENT).contains(key)
                || (known.references.contains(reference) && !reference.equals(key));
    }

    private void type(String name, SettingsCatalogue.Key described, Setting setting) {
        if (setting.value() instanceof Map) {
            errors.add(setting.origin() + ": " + name + " is a value, not { … }");
            return;
        }
        if (setting.value() instanceof List && !described.list()) {
            errors.add(setting.origin() + ": " + name + " is one value, not a list");
            return;
        }
        List<?> values = setting.value() instanceof List<?> list ? list : List.of(String.valueOf(setting.value()));
        for (Object each : values) {
            Placeholders.Filled filled = placeholders.fill(String.valueOf(each));
            if (filled.missing().isEmpty() && !fits(described.type(), filled.text())) {
                boolean hidden = filled.secret() || Placeholders.isSecret(name);
                errors.add(setting.origin() + ": " + name + "=" + (hidden ? "***" : filled.text()) + " is no "
                        + described.type() + ". " + described.description());
            }
        }
    }

    private static boolean fits(String type, String text) {
        try {
            switch (type) {
                case "Integer" -> Integer.parseInt(text.strip());
                case "Long" -> Long.parseLong(text.strip());
                case "Double", "Float" -> Double.parseDouble(text.strip());
                case "Boolean" -> {
                    return text.equals("true") || text.equals("false");
                }
                default -> {
                    return true;
                }
            }
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static String near(String name, Collection<String> known) {
        String best = null;
        int least = Math.max(2, name.length() / 4) + 1;
        for (String each : known) {
            int distance = distance(name.split("~", 2)[0], each);
            if (distance < least) {
                least = distance;
                best = each;
            }
        }
        return best == null ? "" : " Is \"" + best + "\" meant?";
    }

    /** Letters to change, add or leave out (Levenshtein). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }

    /** The configuration as it would be used, for people's eyes. */
    static String printed(Layers layers, Placeholders placeholders) {
        Map<String, Object> root = new java.util.LinkedHashMap<>();
        layers.configurations().forEach((pid, settings) -> {
            Map<String, @Nullable Object> values = new java.util.LinkedHashMap<>();
            settings.values()
                    .forEach(setting ->
                            values.put(setting.written(), shown(setting.written(), setting.value(), placeholders)));
            root.put(pid, values);
        });
        return Json.write(root);
    }

    private static @Nullable Object shown(String key, @Nullable Object value, Placeholders placeholders) {
        if (value instanceof List<?> list) {
            return list.stream().map(each -> shown(key, each, placeholders)).toList();
        }
        if (!(value instanceof String text)) {
            return Placeholders.isSecret(key) ? "***" : value;
        }
        Placeholders.Filled filled = placeholders.fill(text);
        boolean reference = text.startsWith("file:") || text.startsWith("env:");
        if (filled.secret() || (Placeholders.isSecret(key.split(":", 2)[0]) && !reference)) {
            return "***";
        }
        return filled.text()
                .replaceAll("(?<=//)[^/@\\s]*:[^/@\\s]*@", "***@")
                .replaceAll("(?i)([?&;](password|secret|token)=)[^&;]*", "$1***");
    }
}
