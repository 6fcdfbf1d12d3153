// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres.embedded;

import io.nvremote.core.StreamException;
import io.nvremote.store.StoreError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** PostgreSQL's programs: unpacked once beside the data, complete or not at all. */
final class Programs {

    /** What the archive in this bundle holds. */
    static final String RELEASE = "18.6.0";

    /** Major release: what the data folder's format goes by. */
    static final int MAJOR = 18;

    private static final String ARCHIVE = "postgres-linux-x86_64.tgz";

    private final Path home;

    private Programs(Path home) {
        this.home = home;
    }

    /** The unpacked programs under {@code folder}; unpacks them if they are not there yet (about half a second). */
    static Programs in(Path folder) throws IOException {
        requireLinuxAmd64();
        Path home = folder.resolve("pgsql-" + RELEASE);
        if (!Files.isExecutable(home.resolve("bin/postgres"))) {
            Path fresh = folder.resolve("pgsql-" + RELEASE + ".new");
            Folders.delete(fresh);
            unpack(fresh);
            Folders.delete(home);
            Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
        }
        return new Programs(home);
    }

    /** Full path of one program. */
    String program(String name) {
        return home.resolve("bin").resolve(name).toString();
    }

    private static void unpack(Path target) throws IOException {
        try (InputStream packed = Programs.class.getResourceAsStream(ARCHIVE)) {
            if (packed == null) {
                throw new StreamException(StoreError.SERVER_FAILED, "the bundle lacks " + ARCHIVE);
            }
            try (InputStream tar = new GZIPInputStream(packed, 1 << 16)) {
                // Static libraries and headers are for building software against PostgreSQL.
                new TarReader(tar).unpack(target, name -> !name.endsWith(".a") && !name.contains("/pkgconfig"));
            }
        }
    }

    private static void requireLinuxAmd64() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch", "");
        if (!os.contains("linux") || !(arch.equals("amd64") || arch.equals("x86_64"))) {
            throw new StreamException(
                    StoreError.SERVER_FAILED,
                    "the embedded server exists for Linux on x86-64 only, this is " + os + " on " + arch
                            + ": use an external server");
        }
    }
}
