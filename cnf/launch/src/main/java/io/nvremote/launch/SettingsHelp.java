// SPDX-License-Identifier: Apache-2.0
package io.nvremote.launch;

import io.nvremote.launch.SettingsCatalogue.Pid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The properties that a runtime's configurations name, for {@code --help}. */
final class SettingsHelp {

    private static final Pattern PROPERTY = Pattern.compile("\\$\\[prop:([^\\];]+)(?:[^\\]]*;default=([^\\];]*))?");

    private SettingsHelp() {}

    static List<String> of(Layers layers, SettingsCatalogue catalogue) {
        Map<String, String> found = new TreeMap<>();
        layers.configurations()
                .forEach((pid, keys) -> keys.forEach((key, setting) -> {
                    List<String> texts = new ArrayList<>();
                    Layers.texts(setting.value(), texts);
                    for (String text : texts) {
                        Matcher matcher = PROPERTY.matcher(text);
                        while (matcher.find()) {
                            String fallback = matcher.group(2);
                            String state = fallback == null
                                    ? "required"
                                    : fallback.isEmpty() ? "optional" : "default " + fallback;
                            found.putIfAbsent(
                                    matcher.group(1),
                                    state + "; " + pid + "/" + key + description(catalogue, pid, key));
                        }
                    }
                }));
        List<String> lines = new ArrayList<>();
        lines.add("");
        found.forEach((name, text) -> lines.add(name + "\n    " + text));
        return lines;
    }

    private static String description(SettingsCatalogue catalogue, String pid, String key) {
        Pid known = catalogue.find(pid);
        SettingsCatalogue.Key described = known == null ? null : known.keys.get(key);
        return described == null ? "" : ": " + described.description();
    }
}
