// SPDX-License-Identifier: Apache-2.0
package io.nvremote.launch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for behind {@code -jar}.
 *
 * @param config folders and files, the later ones win
 * @param data the folder of everything that lasts, if it was named
 * @param properties given as {@code -Dname=value}
 */
record Options(Mode mode, List<Path> config, @Nullable Path data, Map<String, String> properties) {

    enum Mode {
        RUN,
        CHECK,
        PRINT,
        HELP
    }

    static final String USAGE = """
            --config PATH     a configuration file, or a folder of *.json; may be repeated, the later one wins, key by key
            --data DIR        the folder of everything that lasts (the property nvremote.data)
            -Dname=value      a setting; -DPID/key=value sets one key of a configuration
            --check           says what is missing or wrong in the configuration, and ends: 0 nothing, 1 something
            --print-config    prints the configuration as it would be used, secrets hidden, and ends
            --help            this text, and the settings of this runtime

            Settings of the form nvremote.some.name are taken from the environment too: NVREMOTE_SOME_NAME.""";

    static Options of(String... arguments) {
        Mode mode = Mode.RUN;
        List<Path> config = new ArrayList<>();
        Path data = null;
        Map<String, String> properties = new LinkedHashMap<>();
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            String name = argument.startsWith("--") ? argument.split("=", 2)[0] : argument;
            switch (name) {
                case "--check" -> mode = only(mode, Mode.CHECK);
                case "--print-config" -> mode = only(mode, Mode.PRINT);
                case "--help", "-h" -> mode = Mode.HELP;
                case "--config", "--data" -> {
                    String value = argument.contains("=")
                            ? argument.split("=", 2)[1]
                            : ++i < arguments.length ? arguments[i] : "";
                    if (value.isEmpty() || value.startsWith("--")) {
                        throw new Refusal(name + " needs a path behind it.\n" + USAGE);
                    }
                    if (name.equals("--data")) {
                        data = Path.of(value).toAbsolutePath().normalize();
                    } else {
                        config.add(Path.of(value));
                    }
                }
                default -> property(argument, properties);
            }
        }
        return new Options(mode, List.copyOf(config), data, properties);
    }

    private static Mode only(Mode before, Mode asked) {
        if (before != Mode.RUN && before != asked && before != Mode.HELP) {
            throw new Refusal("--check and --print-config are two questions: ask one at a time.");
        }
        return before == Mode.HELP ? before : asked;
    }

    private static void property(String argument, Map<String, String> properties) {
        int equals = argument.indexOf('=');
        if (!argument.startsWith("-D") || equals < 3) {
            throw new Refusal("What is " + argument + "? A runtime knows:\n" + USAGE);
        }
        properties.put(argument.substring(2, equals), argument.substring(equals + 1));
    }
}
