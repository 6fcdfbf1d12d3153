// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.Secret;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalDialer;
import io.nvremote.signaling.client.WebSocketDialer;
import io.nvremote.signaling.json.JsonSignalCodec;
import io.nvremote.store.StoreError;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/** An office behind one address: its clients, which are the product's own, lose the control plane all at once. */
class ManyClientsTest {

    private static final int CLIENTS = 300;
    private static final int PEOPLE = 10;

    /** One client's channel: shows its token whenever it is up. */
    private static final class Channel implements SignalDialer.LinkListener {
        final String token;
        final AtomicInteger ready = new AtomicInteger();
        final Queue<String> refused = new ConcurrentLinkedQueue<>();

        Channel(String token) {
            this.token = token;
        }

        @Override
        public void up(SignalDialer.SignalLink link) {
            link.send(new Signal.ClientAuth(new Secret(token)));
        }

        @Override
        public void received(SignalDialer.SignalLink link, Signal signal) {
            if (signal instanceof Signal.Ready) {
                ready.incrementAndGet();
            } else if (signal instanceof Signal.Refusal refusal) {
                refused.add(refusal.code());
            }
        }

        @Override
        public void down(int code, String reason) {}

        /** As the client has it. */
        @Override
        public Duration backOffCap() {
            return Duration.ofSeconds(8);
        }
    }

    @Test
    void all_of_an_office_come_back_and_no_limit_of_strangers_stops_them() throws Exception {
        String[] people = new String[PEOPLE];
        for (int i = 0; i < PEOPLE; i++) {
            people[i] = "person" + i;
        }
        List<SignalDialer.SignalLink> links = new ArrayList<>();
        try (RunningControlPlane plane = new RunningControlPlane(people)) {
            String[] tokens = new String[PEOPLE];
            for (int i = 0; i < PEOPLE; i++) {
                tokens[i] = plane.signIn(people[i]).access();
            }
            SSLContext tls = plane.tls(null);
            WebSocketDialer dialer = new WebSocketDialer(new JsonSignalCodec());
            List<Channel> channels = new ArrayList<>();
            URI uri = URI.create("wss://127.0.0.1:" + plane.apiPort + "/ws/client");
            long first = System.nanoTime();
            for (int i = 0; i < CLIENTS; i++) {
                if (i % PEOPLE == 0) {
                    await(channels, 1); // people come to work one after the other
                }
                Channel channel = new Channel(tokens[i % PEOPLE]);
                channels.add(channel);
                links.add(dialer.dial(uri, tls, channel));
            }
            await(channels, 1);
            double came = seconds(first);
            long refusedFirst = notOpened(plane);

            plane.restart();
            long again = System.nanoTime();
            await(channels, 2);
            System.out.printf(
                    "%d clients came in %.1f s (%d refused); back %.1f s after the control plane was ready again (%d refused)%n",
                    CLIENTS, came, refusedFirst, seconds(again), notOpened(plane));
            assertThat(channels.stream().flatMap(channel -> channel.refused.stream()))
                    .as("nobody was refused; where the machine is busy, the database may not have answered in time")
                    .isSubsetOf(StoreError.UNAVAILABLE.name(), StoreError.CONFLICT.name());
        } finally {
            links.forEach(SignalDialer.SignalLink::close);
        }
    }

    /** Waits until each was let in that often. */
    private static void await(List<Channel> channels, int times) throws Exception {
        long missing = missing(channels, times);
        for (int i = 0; i < 6_000 && missing > 0; i++) {
            TimeUnit.MILLISECONDS.sleep(50);
            missing = missing(channels, times);
        }
        assertThat(missing).as("clients that are not there").isZero();
    }

    private static long missing(List<Channel> channels, int times) {
        return channels.stream().filter(channel -> channel.ready.get() < times).count();
    }

    private static long notOpened(RunningControlPlane plane) throws Exception {
        return plane.log()
                .lines()
                .filter(line -> line.contains("socket not opened"))
                .count();
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
