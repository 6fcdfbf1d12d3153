// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres.embedded;

import io.nvremote.core.Secret;
import io.nvremote.lib.files.StateFiles;
import io.nvremote.lib.files.StateFiles.Readers;
import io.nvremote.lib.tokens.SecureTokens;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** The server's three passwords, made once, in a file that only its owner can read. */
record Passwords(Secret superuser, Secret owner, Secret app) {

    /** Reads the file, or makes it. */
    static Passwords in(Path file) throws IOException {
        if (!Files.exists(file)) {
            String text = "superuser=" + SecureTokens.text() + "\nowner=" + SecureTokens.text() + "\napp="
                    + SecureTokens.text() + "\n";
            StateFiles.write(file, text, Readers.OWNER);
        }
        Properties properties = new Properties();
        properties.load(new StringReader(Files.readString(file, StandardCharsets.ISO_8859_1)));
        return new Passwords(
                secret(file, properties, "superuser"),
                secret(file, properties, "owner"),
                secret(file, properties, "app"));
    }

    private static Secret secret(Path file, Properties properties, String key) throws IOException {
        String value = properties.getProperty(key);
        if (value == null || value.length() < 32) {
            throw new IOException(file + " has no password for " + key
                    + ": restore it from the backup, the database knows these passwords alone");
        }
        return new Secret(value);
    }
}
