// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.updates.PluginUse;
import io.nvremote.updates.UpdateError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which plugins were in use when the process died. A use is a file from its beginning to its end; one that is found at the next start
 * was in use at the death. Safe for any thread.
 */
final class DeathCount {

    /** So many deaths within {@link #WINDOW} keep a plugin out. */
    static final int LIMIT = 3;

    static final Duration WINDOW = Duration.ofHours(24);

    private static final Logger LOG = LoggerFactory.getLogger(DeathCount.class);
    private static final String USE = ".use";
    private static final String DEATHS = ".deaths";

    private final Path folder;
    private final Clock clock;
    private final Map<PluginId, Integer> uses = new HashMap<>(); // guarded by this

    DeathCount(Path folder, Clock clock) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.clock = clock;
    }

    /** Counts what the last process left, once; returns those that have died too often. */
    List<PluginId> settle() throws IOException {
        List<PluginId> out = new ArrayList<>();
        for (Path mark : ValuesFile.list(folder, USE)) {
            Properties values = ValuesFile.read(mark);
            String name = values.getProperty("name");
            if (name != null) {
                PluginId plugin = new PluginId(name, Version.parseVersion(values.getProperty("version", "")));
                if (count(plugin) >= LIMIT) {
                    out.add(plugin);
                }
            }
            Files.delete(mark);
        }
        return out;
    }

    /** Deaths so far count no more; by the name of a plugin's files. */
    void forget(String fileName) throws IOException {
        Files.deleteIfExists(folder.resolve(fileName + DEATHS));
    }

    /** How many there were within {@link #WINDOW}. */
    int recent(PluginId plugin) {
        try {
            return times(plugin, clock.instant()).size();
        } catch (IOException e) {
            throw new StreamException(
                    UpdateError.FILE_UNREADABLE, "the deaths of " + plugin + " can't be read: " + e, e);
        }
    }

    private List<String> times(PluginId plugin, Instant now) throws IOException {
        List<String> times = new ArrayList<>();
        for (String time : ValuesFile.read(folder.resolve(plugin.fileName() + DEATHS))
                .getProperty("times", "")
                .split(",", -1)) {
            if (recent(time, now)) {
                times.add(time);
            }
        }
        return times;
    }

    private int count(PluginId plugin) throws IOException {
        Path file = folder.resolve(plugin.fileName() + DEATHS);
        Instant now = clock.instant();
        List<String> times = times(plugin, now);
        times.add(now.toString());
        Properties values = new Properties();
        values.setProperty("times", String.join(",", times));
        ValuesFile.write(file, values);
        LOG.atWarn()
                .addKeyValue(Keys.PLUGIN, plugin)
                .addKeyValue(Keys.COUNT, times.size())
                .log("the process died while this plugin was in use");
        return times.size();
    }

    private static boolean recent(String time, Instant now) {
        try {
            return !time.isEmpty() && Instant.parse(time).isAfter(now.minus(WINDOW));
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    /** Its code begins to work. */
    PluginUse begin(PluginId plugin) {
        synchronized (this) {
            if (uses.merge(plugin, 1, Integer::sum) == 1) {
                mark(plugin);
            }
        }
        AtomicBoolean open = new AtomicBoolean(true);
        return () -> {
            if (open.compareAndSet(true, false)) {
                end(plugin);
            }
        };
    }

    /** A use for as long as {@code work} takes. */
    <T> T during(PluginId plugin, Supplier<T> work) {
        PluginUse use = begin(plugin);
        try {
            return work.get();
        } finally {
            use.close();
        }
    }

    private synchronized void end(PluginId plugin) {
        if (uses.merge(plugin, -1, Integer::sum) == 0) {
            uses.remove(plugin);
            try {
                Files.deleteIfExists(folder.resolve(plugin.fileName() + USE));
            } catch (IOException e) {
                LOG.atWarn().setCause(e).addKeyValue(Keys.PLUGIN, plugin).log("end of a use can't be recorded");
            }
        }
    }

    private void mark(PluginId plugin) {
        Properties values = new Properties();
        values.setProperty("name", plugin.name());
        values.setProperty("version", plugin.version().toString());
        try {
            ValuesFile.write(folder.resolve(plugin.fileName() + USE), values);
        } catch (IOException e) {
            LOG.atWarn().setCause(e).addKeyValue(Keys.PLUGIN, plugin).log("use can't be recorded");
        }
    }
}
