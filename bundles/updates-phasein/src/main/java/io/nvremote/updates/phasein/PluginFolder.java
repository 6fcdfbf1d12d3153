// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.lib.admission.Admission;
import io.nvremote.lib.files.StateFiles;
import io.nvremote.updates.PluginReport;
import io.nvremote.updates.UpdateError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is kept of the admitted plugins for the next start: {@code NAME.jar}, and in {@code NAME.properties} when it was admitted and
 * what it then took over from. Not safe for threads.
 */
final class PluginFolder {

    private static final Logger LOG = LoggerFactory.getLogger(PluginFolder.class);
    private static final String JAR = ".jar";
    private static final String DEVELOPMENT = "development";

    private final Path folder;

    PluginFolder(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    /** A plugin of an earlier start. */
    record Kept(String name, Path jar, Properties facts) {

        /** When its signature was found good; none if that is not known. */
        Optional<Instant> since() {
            try {
                return Optional.ofNullable(facts.getProperty("since")).map(Instant::parse);
            } catch (DateTimeParseException e) {
                return Optional.empty();
            }
        }

        boolean inDevelopment() {
            return Boolean.parseBoolean(facts.getProperty(DEVELOPMENT));
        }

        PluginReport refused(PluginReport.State state, String why) {
            return new PluginReport(
                    name,
                    facts.getProperty("version", ""),
                    state,
                    facts.getProperty("publisher", ""),
                    facts.getProperty("replaced", ""),
                    why,
                    since().orElse(Instant.EPOCH));
        }
    }

    /** A file that is on the disk, but not yet in the place from where it comes back. */
    final class Pending {

        private final Path file;
        private final Path jar;

        private Pending(Path file, Path jar) {
            this.file = file;
            this.jar = jar;
        }

        void keep(PluginReport report) {
            Properties facts = new Properties();
            facts.setProperty("version", report.version());
            facts.setProperty("publisher", report.publisher());
            facts.setProperty("replaced", report.replaced());
            facts.setProperty(DEVELOPMENT, Boolean.toString(report.state() == PluginReport.State.IN_DEVELOPMENT));
            facts.setProperty("since", report.since().toString());
            try {
                ValuesFile.write(facts(report.name()), facts);
                Files.move(file, jar, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new StreamException(
                        UpdateError.FILE_UNREADABLE,
                        report.name() + " runs, but can't be kept for the next start: " + e,
                        e);
            }
        }

        void discard() {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.atWarn().setCause(e).addKeyValue(Keys.FILE, file).log("a refused plugin's file can't be deleted");
            }
        }
    }

    /** Writes the file beside its place: a disk that is full says so before anything changed. */
    Pending prepare(Admission.Admitted plugin) {
        Path file = folder.resolve(plugin.name() + ".pending");
        try {
            StateFiles.write(file, plugin.content().bytes(), StateFiles.Readers.OWNER);
            return new Pending(file, folder.resolve(plugin.name() + JAR));
        } catch (IOException e) {
            throw new StreamException(
                    UpdateError.FILE_UNREADABLE, plugin.name() + " can't be kept for the next start: " + e, e);
        }
    }

    void delete(String name) {
        try {
            Files.deleteIfExists(folder.resolve(name + JAR));
            Files.deleteIfExists(facts(name));
        } catch (IOException e) {
            throw new StreamException(
                    UpdateError.FILE_UNREADABLE,
                    "the file of " + name + " can't be deleted, so it comes back with the next start: " + e,
                    e);
        }
    }

    /** What was installed, by name. */
    List<Kept> list() throws IOException {
        List<Kept> found = new ArrayList<>();
        for (Path jar : ValuesFile.list(folder, JAR)) {
            String file = jar.getFileName().toString();
            String name = file.substring(0, file.length() - JAR.length());
            found.add(new Kept(name, jar, ValuesFile.read(facts(name))));
        }
        return found;
    }

    private Path facts(String name) {
        return folder.resolve(name + ".properties");
    }
}
