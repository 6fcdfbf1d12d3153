// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.files;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Sockets that are files, in folders with names of any length: the name by which a socket is bound or found has some hundred bytes
 * at most (unix(7)), which a folder of data soon reaches. A longer one is reached by a link to its folder, made for that moment among
 * the temporary files, where only the owner may enter. Safe for any thread.
 */
public final class SocketFiles {

    /** {@code sun_path} has 108 bytes, one of them the end; the JDK leaves another one free. */
    static final int LONGEST = 106;

    /** A folder of temporary files may be deep itself: of more than this there is no room for what comes below it. */
    private static final int DEEP = 60;

    private SocketFiles() {}

    @FunctionalInterface
    private interface Use<T> {
        T of(UnixDomainSocketAddress address) throws IOException;
    }

    /**
     * Binds a server to a file that is not there yet.
     *
     * @param backlog how many may wait to be accepted; 0: the system's own number
     */
    public static void bind(ServerSocketChannel server, Path file, int backlog) throws IOException {
        through(file, address -> server.bind(address, backlog));
    }

    /** Connects to the server of a file; the caller closes the channel. */
    public static SocketChannel connect(Path file) throws IOException {
        return through(file, SocketChannel::open);
    }

    private static <T> T through(Path file, Use<T> use) throws IOException {
        if (bytes(file) <= LONGEST) {
            return use.of(UnixDomainSocketAddress.of(file));
        }
        Path shelter = Files.createTempDirectory(shallow(Path.of(System.getProperty("java.io.tmpdir"))), "nvr");
        Path link = shelter.resolve("l");
        try {
            Files.createSymbolicLink(link, file.toAbsolutePath().getParent());
            return use.of(UnixDomainSocketAddress.of(link.resolve(file.getFileName())));
        } finally {
            Files.deleteIfExists(link);
            Files.delete(shelter);
        }
    }

    private static Path shallow(Path temporary) {
        return bytes(temporary) <= DEEP ? temporary : Path.of("/tmp");
    }

    private static int bytes(Path file) {
        return file.toString().getBytes(StandardCharsets.UTF_8).length;
    }
}
