// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What a worker prints, in this process's log: by its level where it has one, and no more than a log bears. For one thread. */
final class WorkerLines implements Consumer<String> {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerLines.class);
    private static final Pattern LEVELLED = Pattern.compile("\\[(ERROR|WARN|INFO|DEBUG|TRACE)] (.*)", Pattern.DOTALL);
    private static final int MOST_LINES = 200;
    private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int LONGEST = 2000;

    private final String plugin;
    private final Clock clock = Clock.system();
    private long since = clock.nanos();
    private int lines;

    WorkerLines(String plugin) {
        this.plugin = plugin;
    }

    /** Hands over what a process prints until it ends. */
    static void follow(Process process, Consumer<String> lines) {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.accept(line);
            }
        } catch (IOException e) {
            return; // it ended while it printed: its last line is lost, its end is told elsewhere
        }
    }

    @Override
    public void accept(String line) {
        long now = clock.nanos();
        if (now - since > WINDOW_NANOS) {
            since = now;
            lines = 0;
        }
        lines++;
        if (lines > MOST_LINES) {
            return;
        }
        Matcher levelled = LEVELLED.matcher(line);
        boolean known = levelled.matches();
        String text = known ? levelled.group(2) : line;
        LOG.atLevel(known ? Level.valueOf(levelled.group(1)) : Level.INFO)
                .addKeyValue(Keys.PLUGIN, plugin)
                .addKeyValue("line", text.length() > LONGEST ? text.substring(0, LONGEST) : text)
                .log(lines == MOST_LINES ? "a worker says, and more that is left out for a minute" : "a worker says");
    }
}
