// SPDX-License-Identifier: Apache-2.0
package io.nvremote.launch;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What stands for {@code $[prop:NAME;default=…;type=…]}, {@code $[env:NAME]} and {@code $[secret:NAME]} in configurations. At run
 * time the configuration admin's interpolation fills them in; here the same is done to look before the start.
 */
final class Placeholders {

    private static final Pattern ONE = Pattern.compile("\\$\\[(prop|env|secret):([^\\];]+)((?:;[^\\];]*)*)\\]");
    private static final Pattern HIDDEN =
            Pattern.compile("(?i)(.*[./_-])?(password|passwd|passphrase|secret|token|credentials?|key)");
    private static final Pattern OURS = Pattern.compile("nvremote(\\.[a-z0-9]+)+");

    /** Properties that a start is told although no configuration names them. */
    private static final String[] OF_ITS_OWN = {"nvremote.data", "nvremote.bundles", "nvremote.log"};

    /**
     * A text with its placeholders filled in.
     *
     * @param missing placeholders that nothing was given for, with their kind: {@code prop:nvremote.data}
     * @param secret whether something of it is nobody's business
     */
    record Filled(String text, java.util.List<String> missing, boolean secret) {}

    private final UnaryOperator<@Nullable String> properties;
    private final UnaryOperator<@Nullable String> environment;

    Placeholders(UnaryOperator<@Nullable String> properties, UnaryOperator<@Nullable String> environment) {
        this.properties = properties;
        this.environment = environment;
    }

    static boolean isSecret(String name) {
        return HIDDEN.matcher(name).matches();
    }

    /** {@code nvremote.gateway.id} is {@code NVREMOTE_GATEWAY_ID} there. */
    static String inEnvironment(String property) {
        return property.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /** What the environment gives for properties that these configurations name; an empty variable gives nothing. */
    static Map<String, String> fromEnvironment(
            Iterable<String> texts, UnaryOperator<@Nullable String> properties, Map<String, String> environment) {
        Map<String, String> given = new LinkedHashMap<>();
        for (String name : OF_ITS_OWN) {
            given.put(name, "");
        }
        for (String text : texts) {
            Matcher matcher = ONE.matcher(text);
            while (matcher.find()) {
                if (matcher.group(1).equals("prop")
                        && OURS.matcher(matcher.group(2)).matches()) {
                    given.put(matcher.group(2), "");
                }
            }
        }
        given.replaceAll((name, nothing) ->
                properties.apply(name) == null ? environment.getOrDefault(inEnvironment(name), "") : "");
        given.values().removeIf(String::isEmpty);
        return given;
    }

    Filled fill(String text) {
        Matcher matcher = ONE.matcher(text);
        StringBuilder result = new StringBuilder();
        java.util.List<String> missing = new java.util.ArrayList<>();
        boolean secret = false;
        while (matcher.find()) {
            String kind = matcher.group(1);
            String name = matcher.group(2);
            secret |= kind.equals("secret") || isSecret(name);
            String value = value(kind, name);
            if (value == null) {
                value = fallback(matcher.group(3));
            }
            if (value == null) {
                missing.add(kind + ":" + name);
                value = matcher.group();
            }
            matcher.appendReplacement(result, Matcher.quoteReplacement(value));
        }
        return new Filled(matcher.appendTail(result).toString(), missing, secret);
    }

    private @Nullable String value(String kind, String name) {
        return switch (kind) {
            case "prop" -> properties.apply(name);
            case "env" -> environment.apply(name);
            default -> "***"; // read from its folder at run time only
        };
    }

    private static @Nullable String fallback(String directives) {
        for (String directive : directives.split(";")) {
            if (directive.startsWith("default=")) {
                return directive.substring("default=".length());
            }
        }
        return null;
    }
}
