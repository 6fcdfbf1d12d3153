// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import io.nvremote.lib.files.StateFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/** Small files of named values that a crash leaves either as they were or whole. Stateless. */
final class ValuesFile {

    private ValuesFile() {}

    static void write(Path file, Properties values) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        values.store(bytes, null);
        StateFiles.write(file, bytes.toByteArray(), StateFiles.Readers.OWNER);
    }

    /** The values in the file; none if it is not there. */
    static Properties read(Path file) throws IOException {
        Properties values = new Properties();
        if (Files.exists(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                values.load(in);
            } catch (IllegalArgumentException e) {
                throw new IOException(file + " is damaged", e);
            }
        }
        return values;
    }

    /** The finished files of a folder with that ending, by name. */
    static List<Path> list(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.getFileName().toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }
}
