// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Bursts from a tunnel's socket to an ordinary one. */
class SendBatchTest {

    private static final int LONG = 1312;

    private final InetAddress loopback = InetAddress.getLoopbackAddress();
    private final DatagramSocket far = receiver(loopback);
    private TunnelSocket near;
    private int numbered;

    private static DatagramSocket receiver(InetAddress address) {
        try {
            DatagramSocket socket = new DatagramSocket(0, address);
            socket.setReceiveBufferSize(4 << 20);
            socket.setSoTimeout(20_000);
            return socket;
        } catch (SocketException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void clean() {
        far.close();
        if (near != null) {
            near.close();
        }
    }

    private static InetSocketAddress of(DatagramSocket socket) {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    private SendBatch burst(int... lengths) {
        SendBatch burst = new SendBatch();
        for (int length : lengths) {
            assertThat(burst.hasRoom(length)).isTrue();
            ByteBuffer.wrap(burst.bytes()).putInt(burst.at(burst.count()), numbered++);
            burst.add(length);
        }
        return burst;
    }

    private static int[] alike(int count, int length) {
        int[] lengths = new int[count];
        Arrays.fill(lengths, length);
        return lengths;
    }

    /** Sends it and looks whether all arrives, in its order. */
    private void passes(SendBatch burst, DatagramSocket to) throws IOException {
        near.send(burst, of(to));
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        for (int i = 0; i < burst.count(); i++) {
            packet.setLength(2048);
            to.receive(packet);
            assertThat(ByteBuffer.wrap(packet.getData()).getInt()).isEqualTo(numbered - burst.count() + i);
            assertThat(packet.getLength()).isEqualTo(burst.length(i));
            assertThat(packet.getPort()).isEqualTo(near.bursts().port());
        }
    }

    /** Opens the socket with the system's own way for bursts, and has that ready. */
    private void openNear() throws Exception {
        if (!System.getProperty("os.name").equals("Linux")) {
            Assumptions.abort("NOT PROVEN: bursts to the kernel: Linux");
        }
        near = TunnelSocket.open();
        passes(burst(LONG, LONG), far);
        Machines.await(near.bursts()::isOpen, "the way for bursts is open");
        assertThat(near.bursts().datagrams()).isZero();
    }

    @Test
    void a_burst_goes_to_the_kernel_at_once_and_arrives_whole_in_order() throws Exception {
        openNear();
        passes(burst(alike(40, LONG)), far);
        passes(burst(alike(49, 1321)), far);
        passes(burst(alike(64, 32)), far);
        assertThat(near.bursts().datagrams()).isEqualTo(40 + 49 + 64);
        passes(burst(LONG), far);
        assertThat(near.bursts().datagrams()).as("a single one").isEqualTo(40 + 49 + 64);
    }

    @Test
    void any_mix_of_lengths_arrives_whole_in_order() throws Exception {
        openNear();
        passes(burst(LONG, LONG, 48, LONG, 64, 80, 80, 32, 32, 32, 33), far);
        Random random = new Random(5);
        for (int round = 0; round < 200; round++) {
            passes(burst(random.ints(1 + random.nextInt(30), 32, 40).toArray()), far);
        }
        assertThat(near.bursts().isOpen()).isTrue();
        assertThat(near.bursts().datagrams()).isPositive();
    }

    @Test
    void the_destination_may_change_from_burst_to_burst() throws Exception {
        openNear();
        try (DatagramSocket other = receiver(loopback)) {
            for (int i = 0; i < 10; i++) {
                passes(burst(alike(5, 100 + i)), far);
                passes(burst(alike(5, 100 + i)), other);
            }
        }
        assertThat(near.bursts().datagrams()).isEqualTo(100);
    }

    @Test
    void an_ipv6_destination_gets_its_bursts_too() throws Exception {
        byte[] one = new byte[16];
        one[15] = 1;
        InetAddress six = InetAddress.getByAddress(one);
        DatagramSocket there;
        try {
            there = new DatagramSocket(0, six);
        } catch (SocketException e) {
            Assumptions.abort("NOT PROVEN: bursts over IPv6: a machine with ::1");
            return;
        }
        try (there) {
            there.setSoTimeout(20_000);
            openNear();
            passes(burst(alike(20, 500)), there);
            passes(burst(alike(20, 500)), far);
            assertThat(near.bursts().datagrams()).isEqualTo(40);
        }
    }

    @Test
    void what_the_kernel_refuses_for_good_is_told_apart() throws Exception {
        openNear();
        try (DatagramSocket socket = new DatagramSocket();
                Segmentation segmentation = UdpSegmentation.open(socket.getLocalPort())) {
            byte[] bytes = new byte[2000];
            assertThat(segmentation.send(bytes, 0, 200, 100, of(far))).isEqualTo(Segmentation.Outcome.SENT);
            // 1000 segments of 2 bytes: more than any kernel takes
            assertThat(segmentation.send(bytes, 0, 2000, 2, of(far))).isEqualTo(Segmentation.Outcome.UNABLE);
            assertThat(segmentation.reason()).contains("errno 22");
            // Nothing is left to be sent: the next one is as if nothing had been.
            assertThat(segmentation.send(bytes, 0, 200, 100, of(far))).isEqualTo(Segmentation.Outcome.SENT);
        }
        assertThatThrownBy(() -> UdpSegmentation.open(1)).hasMessageContaining("no descriptor");
    }

    @Test
    void without_a_way_for_bursts_they_go_one_by_one() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        near = TunnelSocket.open(port -> {
            asked.incrementAndGet();
            throw new UnsupportedOperationException("native access is denied here");
        });
        passes(burst(alike(20, 300)), far);
        Machines.await(near.bursts()::isSpent, "the way was given up");
        passes(burst(alike(20, 300)), far);
        assertThat(asked).hasValue(1);
    }

    @Test
    void a_burst_in_hand_is_not_lost_when_the_way_fails() throws Exception {
        List<Segmentation.Outcome> outcomes = Collections.synchronizedList(new ArrayList<>(
                List.of(Segmentation.Outcome.REFUSED, Segmentation.Outcome.REFUSED, Segmentation.Outcome.UNABLE)));
        AtomicInteger closed = new AtomicInteger();
        near = TunnelSocket.open(port -> new Segmentation() {
            @Override
            public Outcome send(byte[] bytes, int offset, int length, int segment, InetSocketAddress to) {
                return outcomes.removeFirst();
            }

            @Override
            public String reason() {
                return "the fake's turn";
            }

            @Override
            public void close() {
                closed.incrementAndGet();
            }
        });
        passes(burst(LONG, LONG, 40), far);
        Machines.await(near.bursts()::isOpen, "the way is open");
        for (int i = 0; i < 5; i++) {
            passes(burst(LONG, LONG, 40), far); // of the moment twice, for good the third time
        }
        assertThat(outcomes).isEmpty();
        assertThat(near.bursts().isSpent()).isTrue();
        assertThat(closed).hasValue(1);
    }

    @Test
    void closing_among_bursts_leaves_no_descriptor_behind() throws Exception {
        for (int round = 0; round < 20; round++) {
            openNear();
            int port = near.bursts().port();
            AtomicBoolean stop = new AtomicBoolean();
            List<Thread> senders = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                SendBatch burst = burst(alike(10, 200));
                TunnelSocket socket = near;
                try (DatagramSocket gone = new DatagramSocket(0, loopback)) {
                    InetSocketAddress to = of(gone);
                    senders.add(Thread.ofPlatform().start(() -> {
                        while (!stop.get()) {
                            socket.send(burst, to);
                        }
                    }));
                }
            }
            Machines.await(() -> near.bursts().datagrams() > 100, "bursts leave");
            near.close();
            new DatagramSocket(port).close(); // refused if anybody still had the port
            stop.set(true);
            for (Thread sender : senders) {
                sender.join();
            }
            assertThat(near.bursts().isSpent()).isTrue();
        }
    }
}
