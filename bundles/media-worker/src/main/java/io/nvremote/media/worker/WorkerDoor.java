// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.lib.files.SocketFiles;
import io.nvremote.lib.workers.Message;
import io.nvremote.lib.workers.MessageChannel;
import io.nvremote.lib.workers.MessageType;
import io.nvremote.lib.workers.ProtocolFault;
import io.nvremote.lib.workers.WorkerProtocol;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Where a worker arrives, and each of its sessions after it: nobody else has the token. */
final class WorkerDoor implements AutoCloseable {

    private static final int MOST_WAITING = 4;

    private final ServerSocketChannel server;
    private final byte[] token;

    /** Somebody with the token; session 0 is the worker itself. */
    record Arrival(int session, MessageChannel channel) {}

    /** A socket in the worker's folder, which only its owner may enter. */
    WorkerDoor(Path folder) throws IOException {
        byte[] secret = new byte[WorkerProtocol.TOKEN_LETTERS / 2];
        new SecureRandom().nextBytes(secret);
        token = HexFormat.of().formatHex(secret).getBytes(StandardCharsets.US_ASCII);
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            SocketFiles.bind(server, folder.resolve(WorkerProtocol.SOCKET), MOST_WAITING);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** For the worker's standard input alone. */
    byte[] token() {
        return token.clone();
    }

    /**
     * Waits for the next one.
     *
     * @throws ProtocolFault if it is somebody else
     */
    Arrival accept() throws IOException {
        MessageChannel channel = new MessageChannel(server.accept());
        try {
            Message hello = channel.receive();
            boolean known = hello.type() == MessageType.HELLO
                    && hello.fields().number() == WorkerProtocol.VERSION
                    && MessageDigest.isEqual(hello.fields().text().getBytes(StandardCharsets.US_ASCII), token);
            if (!known) {
                throw new ProtocolFault("somebody else answered");
            }
            return new Arrival(hello.session(), channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Who waits for somebody hears an exception. Idempotent. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            return; // it goes with the folder
        }
    }
}
