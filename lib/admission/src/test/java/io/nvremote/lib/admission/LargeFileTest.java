// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.StreamException;
import io.nvremote.lib.signed.Publishers;
import io.nvremote.tests.jars.JarFiles;
import io.nvremote.tests.jars.Publisher;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever file is given, it is answered in a process with less memory than the file has, or asks for: one without ends. */
class LargeFileTest {

    private static final String MANIFEST = "META-INF/MANIFEST.MF";
    private static final String HEAD = "Manifest-Version: 1.0\r\n\r\n";
    private static final int MEBI = 1 << 20;
    private static final int HEAP_MEBI = 64;

    @TempDir
    Path work;

    /** Files of anybody: none has a good signature, and each is refused. */
    enum Kind {
        NO_ARCHIVE {
            @Override
            void write(Path file) throws IOException {
                Files.write(file, noise(100 * MEBI));
            }
        },
        TOO_LARGE {
            @Override
            void write(Path file) throws IOException {
                try (var out = Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                    out.position(300L * MEBI).write(ByteBuffer.allocate(1));
                }
            }
        },
        UNSIGNED {
            @Override
            void write(Path file) throws IOException {
                zip(file, HEAD, "content", noise(100 * MEBI));
            }
        },
        SECTIONS_OF_A_MANIFEST {
            @Override
            void write(Path file) throws IOException {
                StringBuilder text = new StringBuilder(HEAD);
                for (int i = 0; text.length() < 15 * MEBI; i++) {
                    text.append("Name: ").append(Integer.toHexString(i)).append("\r\n\r\n");
                }
                zip(file, text.toString(), "content", noise(1));
            }
        },
        MANY_SIGNATURE_FILES {
            @Override
            void write(Path file) throws IOException {
                try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
                    put(out, MANIFEST, HEAD.getBytes(StandardCharsets.US_ASCII));
                    for (int i = 0; i < 40; i++) {
                        put(out, "META-INF/S" + i + ".SF", new byte[10 * MEBI]);
                        put(out, "META-INF/S" + i + ".RSA", new byte[10 * MEBI]);
                    }
                }
            }
        },
        A_MANIFEST_LARGER_THAN_IT_SAYS {
            @Override
            void write(Path file) throws IOException {
                int unpacks = 100 * MEBI;
                zip(file, HEAD + "x".repeat(unpacks - HEAD.length()), "content", noise(1));
                byte[] bytes = Files.readAllBytes(file);
                ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
                for (int at = 0; at <= bytes.length - 4; at++) {
                    // The descriptor after the entry, and the directory.
                    if (in.getInt(at) == unpacks) {
                        in.putInt(at, 100_000);
                    }
                }
                Files.write(file, bytes);
            }
        },
        LONG_NAMES {
            @Override
            void write(Path file) throws IOException {
                try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
                    for (int i = 0; i < 1500; i++) {
                        ZipEntry entry = new ZipEntry(i + "x".repeat(65_000));
                        entry.setMethod(ZipEntry.STORED);
                        entry.setSize(0);
                        entry.setCrc(new CRC32().getValue());
                        out.putNextEntry(entry);
                    }
                }
            }
        };

        abstract void write(Path file) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void a_file_that_anybody_made_is_refused(Kind kind) throws Exception {
        Path jar = work.resolve("large.jar");
        kind.write(jar);
        assertThat(admitted(jar, work.resolve("publishers"))).startsWith("refused ");
    }

    @Test
    void a_large_plugin_of_a_publisher_is_admitted_and_its_content_can_be_read() throws Exception {
        Publisher publisher = Publisher.of(work, "publisher").trustIn(work.resolve("publishers"));
        Path jar = publisher.sign(
                JarFiles.jar(work, JarFiles.pluginHeaders(), Map.of("native/library.so", noise(100 * MEBI))));
        assertThat(admitted(jar, work.resolve("publishers"))).isEqualTo("admitted com.acme.encoder " + Files.size(jar));
    }

    // ---- what admits, in a process of its own ----

    /** What came of it, in one line. */
    private static String admitted(Path jar, Path publishers) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + HEAP_MEBI + "m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LargeFileTest.class.getName(),
                        jar.toString(),
                        publishers.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said.lines()
                .filter(line -> line.startsWith("refused ") || line.startsWith("admitted "))
                .findFirst()
                .orElse(said);
    }

    /** Admits the file that is named first by the publishers of the folder that is named second. */
    public static void main(String[] args) throws IOException {
        try {
            Admission.Admitted plugin =
                    new Admission(new Publishers(Path.of(args[1]))).admit(Path.of(args[0]), Instant.now());
            long read = 0;
            try (InputStream in = plugin.content().open()) {
                read = in.transferTo(OutputStream.nullOutputStream());
            }
            System.out.println("admitted " + plugin.name() + " " + read);
        } catch (StreamException e) {
            System.out.println("refused " + e.code() + " " + e.getMessage());
        }
    }

    // ---- files ----

    private static byte[] noise(int bytes) {
        byte[] noise = new byte[bytes];
        new Random(1).nextBytes(noise);
        return noise;
    }

    private static void zip(Path file, String manifest, String name, byte[] content) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
            put(out, MANIFEST, manifest.getBytes(StandardCharsets.US_ASCII));
            put(out, "META-INF/S.SF", "Signature-Version: 1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            put(out, "META-INF/S.RSA", noise(1000)); // Whoever sees both reads the manifest as a whole.
            put(out, name, content);
        }
    }

    private static void put(ZipOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new ZipEntry(name));
        out.write(content);
        out.closeEntry();
    }
}
