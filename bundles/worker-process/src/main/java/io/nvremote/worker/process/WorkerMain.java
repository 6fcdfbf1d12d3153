// SPDX-License-Identifier: Apache-2.0
package io.nvremote.worker.process;

import io.nvremote.capture.CaptureSource;
import io.nvremote.encode.Encoder;
import io.nvremote.lib.files.SocketFiles;
import io.nvremote.lib.workers.ContractFields;
import io.nvremote.lib.workers.FieldReader;
import io.nvremote.lib.workers.FieldWriter;
import io.nvremote.lib.workers.Message;
import io.nvremote.lib.workers.MessageChannel;
import io.nvremote.lib.workers.MessageType;
import io.nvremote.lib.workers.ProtocolFault;
import io.nvremote.lib.workers.WorkerProtocol;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker process: says who it is, then does what the host asks until the host is gone. */
public final class WorkerMain {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerMain.class);
    private static final int BROKEN = 4;

    private final MessageChannel host;
    private final Path folder;
    private final String token;
    private final LoadedBodies bodies = new LoadedBodies();
    private final Map<Integer, Lane> lanes = new HashMap<>();

    private WorkerMain(Path folder, String token) throws IOException {
        this.folder = folder;
        this.token = token;
        host = connect(0);
    }

    /** A socket to the host; 0: the first. */
    private MessageChannel connect(int session) throws IOException {
        MessageChannel channel = new MessageChannel(SocketFiles.connect(folder.resolve(WorkerProtocol.SOCKET)));
        FieldWriter hello = new FieldWriter()
                .number(WorkerProtocol.VERSION)
                .text(token)
                .number(ProcessHandle.current().pid());
        channel.send(MessageType.HELLO, session, 0, hello);
        return channel;
    }

    /**
     * Runs until the host is gone.
     *
     * @param arguments the worker's own folder, with the host's socket in it
     */
    public static void main(String[] arguments) {
        try {
            String token = new String(System.in.readNBytes(WorkerProtocol.TOKEN_LETTERS), StandardCharsets.US_ASCII);
            Confinement.apply();
            new WorkerMain(Path.of(arguments[0]), token).serve();
        } catch (IOException | RuntimeException e) {
            end(e);
        }
    }

    /** Ends the process at once, whatever its threads do: what is left of it would be nobody's. */
    static void end(Exception why) {
        boolean hostGone = why instanceof IOException && !(why instanceof ProtocolFault);
        if (!hostGone) {
            LOG.atError().setCause(why).log("a worker ends");
        }
        Runtime.getRuntime().halt(hostGone ? 0 : BROKEN);
    }

    private void serve() throws IOException {
        while (true) {
            Message message = host.receive();
            switch (message.type()) {
                case LOAD -> Thread.ofPlatform().daemon().name("load").start(() -> load(message));
                case OPEN -> open(message);
                default -> {
                    Lane lane = lanes.get(message.session());
                    if (lane != null) {
                        lane.take(message);
                    }
                    if (message.type() == MessageType.CLOSE) {
                        lanes.remove(message.session());
                    }
                }
            }
        }
    }

    private void load(Message message) {
        try {
            try {
                bodies.load(message.fields());
            } catch (ProtocolFault e) {
                throw e;
            } catch (Throwable e) { // an Error of a library that can't be linked, too: the host hears it
                FieldWriter fault = new FieldWriter();
                ContractFields.put(fault, e);
                host.send(MessageType.FAULT, 0, message.call(), fault);
                return;
            }
            host.send(MessageType.DONE, 0, message.call(), new FieldWriter());
        } catch (IOException e) {
            end(e);
        }
    }

    private void open(Message message) throws IOException {
        FieldReader fields = message.fields();
        int body = fields.number();
        Encoder encoder = bodies.service(body, Encoder.class);
        CaptureSource source = bodies.service(body, CaptureSource.class);
        Lane lane;
        if (encoder != null) {
            lane = new EncoderLane(host, this::connect, message.session(), encoder, folder);
        } else if (source != null) {
            lane = new CaptureLane(host, this::connect, message.session(), source, folder);
        } else {
            throw new ProtocolFault("no such body: " + body);
        }
        lanes.put(message.session(), lane);
        lane.start(message);
    }
}
