// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SocketFilesTest {

    @TempDir
    Path folder;

    /** Around the limit, one that only counts as too long in bytes, and far beyond. */
    private Path named(int bytes, String letter) throws IOException {
        Path deep = folder;
        int letterBytes = letter.getBytes(StandardCharsets.UTF_8).length;
        while (bytes - length(deep) > 120) {
            deep = deep.resolve("d".repeat(100));
        }
        int left = bytes - length(deep) - "/".length() - "/s".length();
        deep = deep.resolve(letter.repeat(left / letterBytes) + "x".repeat(left % letterBytes));
        Files.createDirectories(deep);
        Path file = deep.resolve("s");
        assertThat(length(file)).isEqualTo(bytes);
        return file;
    }

    private static int length(Path file) {
        return file.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    @ParameterizedTest
    @ValueSource(ints = {100, SocketFiles.LONGEST, SocketFiles.LONGEST + 1, 108, 109, 300, 1000})
    void a_socket_is_bound_and_found_whatever_its_name_s_length(int bytes) throws IOException {
        speaks(named(bytes, "d"));
        speaks(named(bytes, "ü"));
    }

    @Test
    void temporary_files_may_be_far_down_too() throws IOException {
        String before = System.getProperty("java.io.tmpdir");
        Path file = named(300, "d");
        System.setProperty("java.io.tmpdir", file.getParent().toString());
        try {
            speaks(file);
        } finally {
            System.setProperty("java.io.tmpdir", before);
        }
    }

    private void speaks(Path file) throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            SocketFiles.bind(server, file, 0);
            assertThat(file).exists();
            try (SocketChannel asks = SocketFiles.connect(file);
                    SocketChannel answers = server.accept()) {
                asks.write(ByteBuffer.wrap(new byte[] {7}));
                ByteBuffer heard = ByteBuffer.allocate(1);
                answers.read(heard);
                assertThat(heard.array()).containsExactly(7);
            }
        }
    }

    @Test
    void nothing_is_left_and_who_is_not_there_is_not_found() throws IOException {
        Path file = named(300, "d");
        long before = shelters();
        assertThatThrownBy(() -> SocketFiles.connect(file)).isInstanceOf(IOException.class);
        speaks(file);
        assertThat(shelters()).isEqualTo(before);
    }

    private static long shelters() throws IOException {
        try (var all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(each -> Files.isSymbolicLink(each.resolve("l"))).count();
        }
    }
}
