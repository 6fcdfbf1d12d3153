// SPDX-License-Identifier: Apache-2.0
package io.nvremote.worker.process;

import io.nvremote.lib.workers.ContractFields;
import io.nvremote.lib.workers.FieldReader;
import io.nvremote.lib.workers.FieldWriter;
import io.nvremote.lib.workers.Message;
import io.nvremote.lib.workers.MessageChannel;
import io.nvremote.lib.workers.MessageType;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One session and its thread: devices bind contexts to threads, so a session is opened, used and left on the same one. What a body may be
 * asked at any time comes on the thread that reads the socket.
 */
abstract class Lane {

    private final MessageChannel host;
    private final int session;
    private final BlockingQueue<Message> work = new LinkedBlockingQueue<>();
    private final Thread thread;

    Lane(MessageChannel host, int session, String name) {
        this.host = host;
        this.session = session;
        thread = Thread.ofPlatform().daemon().name(name + "-" + session).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** From the thread that reads the socket. */
    void take(Message message) throws IOException {
        switch (message.type()) {
            case OPEN, GRAB, ENCODE -> work.add(message);
            case CLOSE -> {
                guarded(message);
                work.add(message);
            }
            default -> guarded(message);
        }
    }

    private void run() {
        try {
            while (true) {
                Message message = work.take();
                if (message.type() == MessageType.CLOSE) {
                    return;
                }
                guarded(message);
            }
        } catch (InterruptedException | IOException e) {
            WorkerMain.end(e); // nobody interrupts it; and without the host there is nothing to do
        }
    }

    /** Whatever a body throws is told to the host, an {@code Error} too: what is wrong with it is the host's to judge. */
    private void guarded(Message message) throws IOException {
        try {
            handle(message.type(), message.call(), message.fields());
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            if (message.call() != 0) {
                FieldWriter fault = new FieldWriter();
                ContractFields.put(fault, e);
                host.send(MessageType.FAULT, session, message.call(), fault);
            }
        }
    }

    /** Does what is asked and answers it. */
    abstract void handle(MessageType type, long call, FieldReader fields) throws IOException;

    final void answer(MessageType type, long call, FieldWriter fields) throws IOException {
        host.send(type, session, call, fields);
    }
}
