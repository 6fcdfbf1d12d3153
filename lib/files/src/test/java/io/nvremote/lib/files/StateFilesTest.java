// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.lib.files.StateFiles.Readers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateFilesTest {

    @TempDir
    Path folder;

    @Test
    void a_file_is_replaced_whole_and_nothing_is_left_beside_it() throws IOException {
        Path file = folder.resolve("state");
        StateFiles.write(file, "a long first text", Readers.EVERYBODY);
        StateFiles.write(file, "second", Readers.OWNER);
        assertThat(file).hasContent("second");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (Stream<Path> all = Files.list(folder)) {
            assertThat(all).containsExactly(file);
        }
    }

    @Test
    void a_folder_that_is_not_there_yet_is_made_for_the_owner_alone() throws IOException {
        Path file = folder.resolve("identity/token");
        StateFiles.write(file, "text", Readers.EVERYBODY);
        assertThat(file).hasContent("text");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void what_everybody_may_read_is_still_written_by_the_owner_alone() throws IOException {
        Path file = folder.resolve("state");
        StateFiles.write(file, "text", Readers.EVERYBODY);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r--r--");
    }

    @Test
    void a_write_that_fails_leaves_the_old_content_and_no_draft() throws IOException {
        Path file = Files.createDirectory(folder.resolve("state")); // A folder in the way: the move fails.
        Files.writeString(file.resolve("old"), "old");
        assertThatThrownBy(() -> StateFiles.write(file, "new", Readers.OWNER)).isInstanceOf(IOException.class);
        assertThat(file.resolve("old")).hasContent("old");
        try (Stream<Path> all = Files.list(folder)) {
            assertThat(all).containsExactly(file);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw--w----", "rw----r--", "rw-----w-", "rw-r--r--", "rwxrwxrwx"})
    void rights_of_others_are_seen(String rights) throws IOException {
        Path file = folder.resolve("key");
        StateFiles.write(file, "text", Readers.OWNER);
        assertThat(StateFiles.othersCanUse(file)).isFalse();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
        assertThat(StateFiles.othersCanUse(file)).isTrue();
    }

    @Test
    void a_folder_for_the_owner_keeps_others_out() throws IOException {
        Path deep = folder.resolve("a/b");
        StateFiles.ownerFolder(deep);
        StateFiles.ownerFolder(deep);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(deep)))
                .isEqualTo("rwx------");
    }
}
