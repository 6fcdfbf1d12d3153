// SPDX-License-Identifier: Apache-2.0
package io.nvremote.keys.file;

import io.nvremote.lib.settings.Settings;
import java.util.regex.Pattern;

/** {@link FileKeysConfig}, checked. The files need not exist yet: until they do, every handshake fails. */
record FileKeysSettings(String name, KeyFiles files) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final Settings READER = new Settings(FileKeysConfig.PID);

    static FileKeysSettings of(FileKeysConfig config) {
        return new FileKeysSettings(
                READER.text(
                        "keys.name", READER.text("keys.name", config.keys_name()), NAME, "a name like control-plane"),
                new KeyFiles(
                        READER.path("certificate.file", config.certificate_file()),
                        READER.path("key.file", config.key_file()),
                        READER.path("authority.file", config.authority_file())));
    }

    /** Says which of the files is not there, in the words of a setting. */
    void requireFiles() {
        READER.file("certificate.file", files.certificate().toString());
        READER.file("key.file", files.key().toString());
        READER.file("authority.file", files.authority().toString());
    }
}
