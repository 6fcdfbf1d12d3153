// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres.embedded;

import io.nvremote.core.Secret;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Properties;

/** The server's three passwords, made once, in a file that only its owner can read. */
record Passwords(Secret superuser, Secret owner, Secret app) {

    /** Reads the file, or makes it. */
    static Passwords in(Path file) throws IOException {
        if (!Files.exists(file)) {
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(fresh);
            String text = "superuser=" + random() + "\nowner=" + random() + "\napp=" + random() + "\n";
            writeOwnerOnly(fresh, text);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        }
        Properties properties = new Properties();
        properties.load(new StringReader(Files.readString(file)));
        return new Passwords(secret(properties, "superuser"), secret(properties, "owner"), secret(properties, "app"));
    }

    static void writeOwnerOnly(Path file, String text) throws IOException {
        try (var channel = Files.newByteChannel(
                file,
                EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static Secret secret(Properties properties, String key) throws IOException {
        String value = properties.getProperty(key);
        if (value == null || value.length() < 32) {
            throw new IOException("the password file has no " + key);
        }
        return new Secret(value);
    }

    private static String random() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
