// SPDX-License-Identifier: Apache-2.0
package io.nvremote.keys.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.StreamException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderKeysTest {

    private static final String NAME = "relay-ticket.key";

    @TempDir
    private Path above;

    private FolderKeys keys(Path folder) {
        return new FolderKeys((FolderKeysConfig) Proxy.newProxyInstance(
                FolderKeysConfig.class.getClassLoader(),
                new Class<?>[] {FolderKeysConfig.class},
                (proxy, method, arguments) -> folder.toString()));
    }

    private static Supplier<byte[]> made(String text) {
        return () -> text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void the_first_ones_key_is_kept_for_its_owner_alone_and_all_get_it() throws Exception {
        Path folder = above.resolve("keys");
        assertThat(keys(folder).key(NAME, made("first"))).asString().isEqualTo("first");
        assertThat(keys(folder).key(NAME, made("second")))
                .as("after a restart")
                .asString()
                .isEqualTo("first");
        assertThat(keys(folder).key("token-signing-key.json", made("other")))
                .asString()
                .isEqualTo("other");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(NAME))))
                .isEqualTo("rw-------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----"})
    void a_key_that_others_can_use_is_refused_by_its_files_name(String rights) throws Exception {
        keys(above).key(NAME, made("first"));
        Files.setPosixFilePermissions(above.resolve(NAME), PosixFilePermissions.fromString(rights));
        assertThatThrownBy(() -> keys(above).key(NAME, made("second")))
                .isInstanceOf(StreamException.class)
                .hasMessageContaining(above.resolve(NAME) + " can be read by others: chmod 600 it");
    }

    @Test
    void a_folder_that_can_not_be_is_named() throws Exception {
        Path file = Files.writeString(above.resolve("file"), "x");
        assertThatThrownBy(() -> keys(file.resolve("keys")).key(NAME, made("first")))
                .hasMessageContaining(file.resolve("keys").resolve(NAME) + " can't be read or made");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "../x", "a/b", "A", ".hidden", "a..b"})
    void a_name_never_leaves_the_folder(String name) {
        assertThatThrownBy(() -> keys(above).key(name, made("x"))).isInstanceOf(IllegalArgumentException.class);
    }
}
