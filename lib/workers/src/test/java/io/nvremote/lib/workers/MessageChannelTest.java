// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import io.nvremote.media.StageStamps;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages over a real socket, whole, in pieces and broken. */
class MessageChannelTest {

    @TempDir
    private Path folder;

    private SocketChannel there;
    private MessageChannel here;

    @BeforeEach
    void connect() throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("s"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            there = SocketChannel.open(address);
            here = new MessageChannel(server.accept());
        }
    }

    @AfterEach
    void disconnect() throws IOException {
        there.close();
        here.close();
    }

    private static byte[] random(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @Test
    void messages_of_all_lengths_arrive_whole_and_in_order() throws Exception {
        int[] lengths = {0, 1, 15, 16, 17, 65_519, 65_520, 65_521, 65_536, 200_000, 3_000_000, 0, 5};
        Random random = new Random(7);
        List<byte[]> contents = new ArrayList<>();
        for (int length : lengths) {
            contents.add(random(random, length));
        }
        Thread sender = Thread.ofVirtual().start(() -> {
            MessageChannel out = new MessageChannel(there);
            for (int i = 0; i < lengths.length; i++) {
                try {
                    FieldWriter fields = new FieldWriter().number((long) i).bytes(ByteBuffer.wrap(contents.get(i)));
                    out.send(MessageType.UNIT, 0xfff0 + i % 16, -i, fields);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        for (int i = 0; i < lengths.length; i++) {
            Message message = here.receive();
            assertThat(message.type()).isEqualTo(MessageType.UNIT);
            assertThat(message.session()).isEqualTo(0xfff0 + i % 16);
            assertThat(message.call()).isEqualTo(-i);
            assertThat(message.fields().longNumber()).isEqualTo(i);
            assertThat(message.fields().bytes()).isEqualTo(ByteBuffer.wrap(contents.get(i)));
        }
        sender.join();
    }

    @Test
    void what_was_added_comes_before_what_is_sent_and_only_then() throws Exception {
        MessageChannel out = new MessageChannel(there);
        ByteBuffer large = ByteBuffer.wrap(random(new Random(3), 200_000));
        Thread sender = Thread.ofVirtual().start(() -> {
            out.add(MessageType.UNIT, 1, 5, new FieldWriter());
            out.add(MessageType.UNIT, 1, 6, new FieldWriter().bytes(large));
            try {
                out.send(MessageType.DONE, 1, 7, new FieldWriter());
                out.send(MessageType.DONE, 1, 8, new FieldWriter());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(here.receive().call()).isEqualTo(5);
        assertThat(here.receive().fields().bytes()).isEqualTo(large);
        assertThat(here.receive().type()).isEqualTo(MessageType.DONE);
        assertThat(here.receive().call()).isEqualTo(8);
        sender.join();
    }

    private static byte[] head(int length, int type) {
        return ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(length)
                .putShort((short) type)
                .putShort((short) 1)
                .putLong(1)
                .array();
    }

    @Test
    void a_message_that_breaks_off_at_any_byte_is_an_end_and_no_message() throws Exception {
        byte[] whole = ByteBuffer.allocate(16 + 40).put(head(40, 7)).array();
        for (int cut = 0; cut < whole.length; cut++) {
            disconnect();
            folder.resolve("s").toFile().delete();
            connect();
            there.write(ByteBuffer.wrap(whole, 0, cut));
            there.close();
            assertThatThrownBy(here::receive).as("cut at " + cut).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void what_is_no_message_is_refused_before_memory_is_taken_for_it() throws Exception {
        int unused = 1
                + Stream.of(MessageType.values())
                        .mapToInt(MessageType::number)
                        .max()
                        .orElseThrow();
        List<byte[]> garbage = List.of(
                head(-1, 7),
                head(MessageChannel.LONGEST_BYTES + 1, 7),
                head(Integer.MAX_VALUE, 7),
                head(0, 0),
                head(0, unused),
                head(0, 0xffff),
                "GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
        for (byte[] each : garbage) {
            disconnect();
            folder.resolve("s").toFile().delete();
            connect();
            there.write(ByteBuffer.wrap(each));
            assertThatThrownBy(here::receive).isInstanceOf(ProtocolFault.class);
        }
    }

    /** Fields of any length, cut anywhere: a fault of the protocol, never another exception, and no allocation beyond the message. */
    @Test
    void fields_that_end_too_early_or_lie_about_their_length_are_faults_of_the_protocol() throws Exception {
        FieldWriter fields = new FieldWriter();
        note().put(fields);
        ByteBuffer whole = fields.content();
        for (int cut = 0; cut < whole.limit(); cut++) {
            FieldReader reader = new FieldReader(whole.slice(0, cut));
            assertThatThrownBy(() -> PictureNote.read(reader)).isInstanceOf(ProtocolFault.class);
        }
        Random random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = random(random, random.nextInt(200));
            try {
                PictureNote.read(new FieldReader(ByteBuffer.wrap(bytes)));
            } catch (ProtocolFault e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    private static PictureNote note() {
        return new PictureNote(
                "capture-1-1",
                4096,
                2,
                PixelFormat.NV12,
                new Size(32, 32),
                List.of(new PictureNote.Plane(0, 1024, 32), new PictureNote.Plane(1024, 512, 32)),
                77,
                new StageStamps(1, 2, 3, 4, 5),
                BitSet.valueOf(new long[] {5, 9}));
    }

    @Test
    void a_picture_and_an_error_come_out_as_they_went_in() throws Exception {
        FieldWriter fields = new FieldWriter();
        note().put(fields);
        assertThat(PictureNote.read(new FieldReader(fields.content()))).isEqualTo(note());
        for (EncodeError code : EncodeError.values()) {
            FieldWriter fault = new FieldWriter();
            ContractFields.put(fault, new StreamException(code, "größe"));
            var thrown = ContractFields.thrown(new FieldReader(fault.content()), EncodeError.DEVICE_LOST);
            assertThat(thrown.code()).isEqualTo(code);
            assertThat(thrown).hasMessage("größe");
        }
        FieldWriter fault = new FieldWriter();
        ContractFields.put(fault, new UnsatisfiedLinkError("libx.so"));
        var thrown = ContractFields.thrown(new FieldReader(fault.content()), EncodeError.DEVICE_LOST);
        assertThat(thrown.code()).isEqualTo(EncodeError.DEVICE_LOST);
        assertThat(thrown).hasMessageContaining("libx.so");
    }

    @Test
    void pictures_outside_their_file_or_folder_are_refused() {
        List<PictureNote> nasty = List.of(
                with("../../etc/passwd", 4096, 0, 100),
                with("/etc/passwd", 4096, 0, 100),
                with("", 4096, 0, 100),
                with("a", 4096, 4000, 100),
                with("a", 4096, -1, 100),
                with("a", 4096, Long.MAX_VALUE, 1),
                with("a", 4096, 0, Long.MAX_VALUE),
                with("a", -1, 0, 0));
        for (PictureNote note : nasty) {
            FieldWriter fields = new FieldWriter();
            note.put(fields);
            assertThatThrownBy(() -> PictureNote.read(new FieldReader(fields.content())))
                    .as(note.toString())
                    .isInstanceOf(ProtocolFault.class);
        }
    }

    private static PictureNote with(String file, long fileBytes, long offset, long bytes) {
        return new PictureNote(
                file,
                fileBytes,
                0,
                PixelFormat.BGRA,
                new Size(16, 16),
                List.of(new PictureNote.Plane(offset, bytes, 32)),
                0,
                new StageStamps(0, 0, 0, 0, 0),
                null);
    }
}
