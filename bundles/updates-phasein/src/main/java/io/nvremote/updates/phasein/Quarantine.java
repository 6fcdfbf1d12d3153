// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.updates.PluginReport;
import io.nvremote.updates.UpdateError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Versions of plugins that failed here and are refused, whatever bytes they come in: one file of properties each. Holds for this
 * process even if the disk takes nothing. Safe for any thread.
 */
final class Quarantine {

    private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);

    private record Entry(PluginReport report, boolean shown) {}

    private final Path folder;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    Quarantine(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        for (Path file : ValuesFile.list(folder, ".properties")) {
            String name = file.getFileName().toString();
            entries.put(name.substring(0, name.length() - ".properties".length()), read(file, name));
        }
    }

    /** A file that can't be read refuses as well: its name says what. */
    private static Entry read(Path file, String name) {
        Properties values;
        try {
            values = ValuesFile.read(file);
        } catch (IOException e) {
            LOG.atWarn().setCause(e).addKeyValue(Keys.FILE, file).log("quarantine record can't be read; it holds");
            values = new Properties();
        }
        Instant since = Instant.EPOCH;
        try {
            since = Instant.parse(values.getProperty("since", Instant.EPOCH.toString()));
        } catch (DateTimeParseException e) {
            LOG.atWarn().addKeyValue(Keys.FILE, file).log("quarantine record has no time; it holds");
        }
        return new Entry(
                new PluginReport(
                        values.getProperty("name", name),
                        values.getProperty("version", ""),
                        PluginReport.State.QUARANTINED,
                        values.getProperty("publisher", ""),
                        "",
                        values.getProperty("reason", ""),
                        since),
                Boolean.parseBoolean(values.getProperty("shown", "true")));
    }

    boolean holds(PluginId plugin) {
        return entries.containsKey(plugin.fileName());
    }

    String why(PluginId plugin) {
        Entry entry = entries.get(plugin.fileName());
        return entry == null ? "" : entry.report().detail();
    }

    void put(PluginId plugin, String publisher, String reason, Instant since) {
        PluginReport report = new PluginReport(
                plugin.name(),
                plugin.version().toString(),
                PluginReport.State.QUARANTINED,
                publisher,
                "",
                reason,
                since);
        keep(plugin.fileName(), new Entry(report, true));
    }

    /** No longer shown; refused all the same. */
    void forget(String name) {
        entries.forEach((file, entry) -> {
            if (entry.report().name().equals(name) && entry.shown()) {
                keep(file, new Entry(entry.report(), false));
            }
        });
    }

    /** Refuses no version of that name any more, nor counts deaths that it had a part in. */
    void release(String name, DeathCount deaths) {
        List<String> files = entries.entrySet().stream()
                .filter(entry -> entry.getValue().report().name().equals(name))
                .map(Map.Entry::getKey)
                .toList();
        if (files.isEmpty()) {
            throw new StreamException(UpdateError.NOT_QUARANTINED, "no version of " + name + " is in quarantine");
        }
        try {
            for (String file : files) {
                deaths.forget(file);
                Files.deleteIfExists(folder.resolve(file + ".properties"));
                entries.remove(file);
            }
        } catch (IOException e) {
            throw new StreamException(
                    UpdateError.FILE_UNREADABLE, "the quarantine of " + name + " can't be ended on the disk: " + e, e);
        }
        LOG.atInfo().addKeyValue(Keys.PLUGIN, name).log("plugin let in again");
    }

    /** Those that are shown, by name and version. */
    List<PluginReport> list() {
        return entries.entrySet().stream()
                .filter(e -> e.getValue().shown())
                .sorted(Map.Entry.comparingByKey())
                .map(e -> e.getValue().report())
                .toList();
    }

    private void keep(String file, Entry entry) {
        entries.put(file, entry);
        PluginReport report = entry.report();
        Properties values = new Properties();
        values.setProperty("name", report.name());
        values.setProperty("version", report.version());
        values.setProperty("publisher", report.publisher());
        values.setProperty("reason", report.detail());
        values.setProperty("since", report.since().toString());
        values.setProperty("shown", Boolean.toString(entry.shown()));
        try {
            ValuesFile.write(folder.resolve(file + ".properties"), values);
        } catch (IOException e) {
            LOG.atError()
                    .setCause(e)
                    .addKeyValue(Keys.PLUGIN, report.name())
                    .log("quarantine can't be recorded; it ends with this process");
        }
    }
}
