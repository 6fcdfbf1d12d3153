// SPDX-License-Identifier: Apache-2.0
package io.nvremote.worker.process;

import io.nvremote.lib.workers.ContractFields;
import io.nvremote.lib.workers.FieldReader;
import io.nvremote.lib.workers.FieldWriter;
import io.nvremote.lib.workers.Message;
import io.nvremote.lib.workers.MessageChannel;
import io.nvremote.lib.workers.MessageType;
import io.nvremote.lib.workers.ProtocolFault;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One session, its thread and its socket: devices bind contexts to threads, so a session is opened, used and left on the same one, and the
 * host's own thread speaks with it alone. What a body may be asked at any time comes over the worker's first socket, on the thread that reads it.
 */
abstract class Lane {

    /** Another socket to the host, which knows by it whose it is. */
    @FunctionalInterface
    interface Connect {
        MessageChannel to(int session) throws IOException;
    }

    private final MessageChannel host;
    private final Connect connect;
    private final int session;
    private final String name;
    private volatile @Nullable MessageChannel own;

    Lane(MessageChannel host, Connect connect, int session, String name) {
        this.host = host;
        this.connect = connect;
        this.session = session;
        this.name = name;
    }

    void start(Message open) {
        Thread.ofPlatform().daemon().name(name + "-" + session).start(() -> run(open));
    }

    private void run(Message open) {
        try (MessageChannel channel = connect.to(session)) {
            own = channel;
            Message message = open;
            while (true) {
                guarded(message, channel);
                message = channel.receive();
            }
        } catch (ProtocolFault e) {
            WorkerMain.end(e);
        } catch (IOException e) {
            return; // the session is over; if the host is gone, the other socket tells
        }
    }

    /** From the thread that reads the first socket. */
    void take(Message message) throws IOException {
        guarded(message, host);
    }

    /** Whatever a body throws is told to the host, an {@code Error} too: what is wrong with it is the host's to judge. */
    private void guarded(Message message, MessageChannel channel) throws IOException {
        try {
            handle(message.type(), message.call(), message.fields());
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            if (message.call() != 0) {
                FieldWriter fault = new FieldWriter();
                ContractFields.put(fault, e);
                channel.send(MessageType.FAULT, session, message.call(), fault);
            }
        }
    }

    /** Does what is asked and answers it, by the socket that it came by. */
    abstract void handle(MessageType type, long call, FieldReader fields) throws IOException;

    /** What was asked by the session's own socket: OPEN, GRAB, ENCODE. */
    final void reply(MessageType type, long call, FieldWriter fields) throws IOException {
        channel().send(type, session, call, fields);
    }

    /** Part of the answer, by the session's own socket: it goes with the end of it. */
    final void add(MessageType type, long call, FieldWriter fields) {
        channel().add(type, session, call, fields);
    }

    private MessageChannel channel() {
        MessageChannel channel = own;
        if (channel == null) {
            throw new IllegalStateException("not connected");
        }
        return channel;
    }

    /** What was asked by the first socket, or by nobody. */
    final void answer(MessageType type, long call, FieldWriter fields) throws IOException {
        host.send(type, session, call, fields);
    }
}
