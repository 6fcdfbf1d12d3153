// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.settings;

import io.nvremote.core.Bitrate;
import io.nvremote.core.CoreError;
import io.nvremote.core.FrameRate;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings of one configuration. Whatever is wrong is refused with {@link CoreError#INVALID_CONFIGURATION} in one
 * form, {@code PID key=value: must be RULE}, so that whoever wrote the file finds the line. The value is
 * in the message; those that may be secret have their own methods. Safe for any thread.
 *
 * @param pid the configuration's persistent identity, as its file says it
 */
public record Settings(String pid) {

    private static final String SECRET =
            "file:<path> of a file that can be read, or env:<name> of a variable that is set";
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    /** An ISO-8601 duration between two others, both included. */
    public Duration duration(String key, @Nullable String text, Duration least, Duration most) {
        String rule = "a duration from " + least + " to " + most;
        Duration value = read(key, text, rule, Duration::parse);
        require(value.compareTo(least) >= 0 && value.compareTo(most) <= 0, key, String.valueOf(text), rule);
        return value;
    }

    public int integer(String key, int value, int least, int most) {
        require(value >= least && value <= most, key, value, least + " to " + most);
        return value;
    }

    /** A port; 0 asks the system for a free one. */
    public int port(String key, int value) {
        return integer(key, value, 0, 65_535);
    }

    /** Like {@code 800kbps} or {@code 20Mbps}. */
    public Bitrate bitrate(String key, @Nullable String text) {
        return read(key, text, "a rate like 800kbps or 20Mbps", Bitrate::parse);
    }

    public FrameRate frameRate(String key, int value) {
        return new FrameRate(integer(key, value, 1, 480));
    }

    /** A text that is there, without the spaces around it. */
    public String text(String key, @Nullable String text) {
        String rule = "a text in one line";
        String value = read(key, text, rule, Function.identity());
        require(value.chars().noneMatch(Character::isISOControl), key, value, rule);
        return value;
    }

    /** As {@link #text(String, String)}, or empty. */
    public String textOrEmpty(String key, @Nullable String text) {
        return text == null || text.isBlank() ? "" : text(key, text);
    }

    public String text(String key, String text, Pattern form, String rule) {
        require(form.matcher(text).matches(), key, text, rule);
        return text;
    }

    /** One of the constants, written in small letters. */
    public <E extends Enum<E>> E choice(String key, String text, Class<E> type) {
        String rule = Arrays.stream(type.getEnumConstants())
                .map(each -> each.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", ", "one of ", ""));
        return Arrays.stream(type.getEnumConstants())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> refused(key, text, rule));
    }

    /** An absolute path; what is there is not looked at. */
    public Path path(String key, @Nullable String text) {
        return read(key, text, "a path", Path::of).toAbsolutePath();
    }

    /** As {@link #path}, or null for an empty text. */
    public @Nullable Path pathOrNone(String key, @Nullable String text) {
        return text == null || text.isBlank() ? null : path(key, text);
    }

    /** As {@link #path}, of a file that this process can read now. */
    public Path file(String key, @Nullable String text) {
        Path path = path(key, text);
        require(Files.isReadable(path) && !Files.isDirectory(path), key, path, "a file that can be read");
        return path;
    }

    /**
     * A secret by reference: {@code file:<path>} of a file that has it, or {@code env:<name>} of a variable that is set. What is
     * written there is not repeated: it may be the secret itself, in the wrong place.
     */
    public Secret secret(String key, @Nullable String reference) {
        String value = "";
        if (reference != null && reference.startsWith("file:")) {
            try {
                value = Files.readString(Path.of(reference.substring("file:".length())));
            } catch (IOException | InvalidPathException e) {
                throw new StreamException(CoreError.INVALID_CONFIGURATION, unseen(key, SECRET), e);
            }
        } else if (reference != null && reference.startsWith("env:")) {
            value = Objects.requireNonNullElse(System.getenv(reference.substring("env:".length())), "");
        }
        if (value.isBlank()) {
            throw refusedUnseen(key, SECRET);
        }
        return new Secret(value.strip());
    }

    /**
     * An address of a server: encrypted, or plain to this machine itself.
     *
     * @param secure {@code https} or {@code wss}
     * @param plain {@code http} or {@code ws}
     */
    public URI server(String key, @Nullable String text, String secure, String plain) {
        String rule = secure + "://host[:port][/path], or " + plain + ":// with a loopback address";
        URI uri = read(key, text, rule, URI::create);
        boolean scheme = secure.equals(uri.getScheme())
                || (plain.equals(uri.getScheme()) && LOOPBACK.contains(String.valueOf(uri.getHost())));
        require(
                uri.getHost() != null && scheme && uri.getRawQuery() == null && uri.getRawFragment() == null,
                key,
                uri,
                rule);
        return uri;
    }

    /** Anything else that a function reads from a text that is there; the function refuses by throwing. */
    public <T> T read(String key, @Nullable String text, String rule, Function<String, T> parse) {
        if (text == null || text.isBlank()) {
            throw refused(key, "", rule);
        }
        try {
            return parse.apply(text.strip());
        } catch (RuntimeException e) {
            throw new StreamException(CoreError.INVALID_CONFIGURATION, message(key, text, rule), e);
        }
    }

    /**
     * Refuses keys that no longer mean anything, before they are passed over in silence.
     *
     * @param present the configuration as it is
     * @param gone each key that was, with what to write in its place
     */
    public void defunct(Map<String, ?> present, Map<String, String> gone) {
        gone.forEach((key, instead) -> {
            if (present.containsKey(key)) {
                throw new StreamException(
                        CoreError.INVALID_CONFIGURATION, pid + " " + key + ": is no setting any more; " + instead);
            }
        });
    }

    /**
     * The refusal of a whole configuration whose name means nothing any more.
     *
     * @param former what it begins with; the rest, as in {@code former~name}, stays
     * @param now the name to write in its place
     */
    public StreamException renamed(String former, String now) {
        return new StreamException(
                CoreError.INVALID_CONFIGURATION,
                pid + ": is no configuration any more; write " + pid.replace(former, now) + " in its place");
    }

    public void require(boolean right, String key, Object value, String rule) {
        if (!right) {
            throw refused(key, value, rule);
        }
    }

    public StreamException refused(String key, Object value, String rule) {
        return new StreamException(CoreError.INVALID_CONFIGURATION, message(key, value, rule));
    }

    /** As {@link #refused}, for a value that may hold a secret: it is not in the message. */
    public StreamException refusedUnseen(String key, String rule) {
        return new StreamException(CoreError.INVALID_CONFIGURATION, unseen(key, rule));
    }

    private String unseen(String key, String rule) {
        return pid + " " + key + ": must be " + rule;
    }

    private String message(String key, Object value, String rule) {
        return pid + " " + key + "=" + value + ": must be " + rule;
    }
}
