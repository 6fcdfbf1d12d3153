// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who is online, over the real control plane, with hosts and clients that are this test. */
class PresenceTest {

    private static RunningControlPlane plane;
    private static String admin;
    private static String org;

    @BeforeAll
    static void start() throws Exception {
        plane = new RunningControlPlane(
                config -> ((ObjectNode) config.get("io.nvremote.control")).put("host.silence", "PT30S"),
                "admin",
                "guest");
        plane.awaitReady();
        admin = "Bearer " + plane.signIn("admin").access();
        org = plane.call("POST", "/orgs", admin, "{\"name\":\"a\",\"slug\":\"aa\"}")
                .body()
                .get("id")
                .asText();
    }

    @AfterAll
    static void stop() throws Exception {
        if (plane != null) {
            plane.close();
        }
    }

    private static Socket client(String bearer) throws Exception {
        Socket socket = Socket.open(plane, plane.apiPort, "/ws/client", null);
        socket.send("{\"type\":\"auth\",\"token\":\"" + bearer.substring("Bearer ".length()) + "\"}");
        socket.await("\"ready\"");
        return socket;
    }

    private static long audited(String type, String host) throws Exception {
        return plane.number("SELECT count(*) FROM nvremote.audit_log WHERE event_type = '" + type
                + "' AND resource_id = '" + host + "'");
    }

    @Test
    void a_host_that_stays_connected_stays_online_through_a_stall_of_the_database_longer_than_the_silence_limit()
            throws Exception {
        EnrolledHost host = EnrolledHost.in(plane, org, admin);
        Socket line = host.online();
        line.send(host.beat(1));
        host.await("ONLINE");
        ProcessHandle server = Signals.postmaster(plane.folder.resolve("data/postgres/data"));
        Signals.all(server, "STOP");
        try {
            for (int i = 0; i < 5; i++) { // longer than host.silence
                TimeUnit.SECONDS.sleep(8);
                line.send(host.beat(i));
            }
        } finally {
            Signals.all(server, "CONT");
        }
        plane.awaitReady();
        // What would have been swept wrongly is swept by now: one comparison later than the silence limit.
        for (int i = 0; i < 5; i++) {
            line.send(host.beat(10 + i));
            TimeUnit.SECONDS.sleep(3);
            assertThat(host.status()).isEqualTo("ONLINE");
        }
        assertThat(line.open()).isTrue();
        assertThat(audited("HOST_OFFLINE", host.id)).isZero();
        line.abort();
    }

    @Test
    void what_others_wrote_of_a_connected_host_is_mended() throws Exception {
        EnrolledHost host = EnrolledHost.in(plane, org, admin);
        Socket line = host.online();
        plane.sql("UPDATE nvremote.hosts SET status = 'OFFLINE' WHERE id = '" + host.id + "'");
        host.await("ONLINE");
        line.abort();
        host.await("OFFLINE");
        plane.sql("UPDATE nvremote.hosts SET status = 'ONLINE' WHERE id = '" + host.id + "'");
        host.await("OFFLINE"); // after its time to come back
    }

    @Test
    void a_socket_that_is_closed_and_opened_at_once_never_ends_offline() throws Exception {
        EnrolledHost host = EnrolledHost.in(plane, org, admin);
        Socket line = host.online();
        for (int i = 0; i < 40; i++) {
            Socket old = line;
            Thread closing = Thread.ofVirtual().start(() -> {
                try {
                    old.close();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            TimeUnit.MILLISECONDS.sleep(i % 8 * 3L);
            line = host.online();
            closing.join();
            TimeUnit.MILLISECONDS.sleep(1_200); // what was to be written is written
            host.await("ONLINE");
            assertThat(line.open()).isTrue();
        }
        line.abort();
    }

    @Test
    void a_machine_s_new_name_and_system_are_heard_and_kept() throws Exception {
        EnrolledHost host = EnrolledHost.in(plane, org, admin);
        Socket line = host.online();
        Socket client = client(admin);
        client.await("hosts_complete");
        line.send(
                "{\"type\":\"host_description\",\"hostname\":\"renamed-host\",\"os_info\":{\"name\":\"Plan\",\"version\":\"9\"},"
                        + "\"gpu_info\":{},\"agent_version\":\"0.2.0\"}");
        assertThat(client.await("renamed-host")).contains(host.id).contains("Plan 9");
        assertThat(plane.call("GET", "/hosts/" + host.id, admin, null).body().toString())
                .contains("renamed-host");
        assertThat(audited("HOST_RENAMED", host.id)).isEqualTo(1);
        line.abort();
        client.abort();
    }

    @Test
    void of_two_machines_with_one_identity_the_newer_stays_the_older_is_told_and_an_alarm_is_kept() throws Exception {
        EnrolledHost host = EnrolledHost.in(plane, org, admin);
        Socket first = host.online();
        Socket copy = host.online();
        assertThat(first.closed()).isEqualTo(1008);
        assertThat(first.reason()).startsWith("CLONED_IDENTITY");
        for (int i = 0; i < 5; i++) {
            Socket again = host.dial();
            assertThat(again.closed()).isEqualTo(1008);
            assertThat(again.reason()).isEqualTo("CLONED_IDENTITY");
            assertThat(copy.open()).isTrue();
            assertThat(host.status()).isEqualTo("ONLINE");
        }
        assertThat(audited("CLONED_IDENTITY", host.id)).isEqualTo(1);
        assertThat(audited("HOST_ONLINE", host.id)).isEqualTo(1);
        assertThat(audited("HOST_OFFLINE", host.id)).isZero();
        assertThat(plane.log()).contains("two machines show the identity of one host");
        copy.abort();
    }

    @Test
    void guests_hear_by_socket_what_they_can_read_and_no_more() throws Exception {
        String guest = "Bearer " + plane.signIn("guest").access();
        String user = plane.call("GET", "/users/me", guest, null)
                .body()
                .at("/user/id")
                .asText();
        plane.sql("INSERT INTO nvremote.org_members (org_id, user_id, role) VALUES ('" + org + "', '" + user
                + "', 'GUEST')");
        EnrolledHost host = EnrolledHost.in(plane, org, admin);
        Socket line = host.online();
        line.send(host.beat(77));
        Socket hears = client(guest);
        Socket member = client(admin);
        member.await("hosts_complete");
        hears.await("hosts_complete");
        for (int i = 0; i < 5; i++) {
            line.send(host.beat(10 * i));
        }
        assertThat(member.await("cpu_usage\":40")).contains(host.id);
        line.close();
        List<String> said = new ArrayList<>();
        String last;
        do {
            last = hears.await(host.id);
            said.add(last);
        } while (!last.contains("OFFLINE"));
        assertThat(said)
                .noneMatch(text -> text.contains("cpu_usage")
                        || text.contains("\"os\"")
                        || text.contains("memory")
                        || text.contains("last_seen"));
        plane.sql("DELETE FROM nvremote.org_members WHERE user_id = '" + user + "'");
        assertThat(hears.reason()).isEqualTo("RIGHTS_CHANGED");
    }

    @Test
    void strangers_of_one_address_get_few_sockets_and_who_shows_a_token_makes_room() throws Exception {
        List<Socket> open = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger refused = new AtomicInteger();
        try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 71; i++) {
                all.execute(() -> {
                    Throwable why =
                            catchThrowable(() -> open.add(Socket.open(plane, plane.apiPort, "/ws/client", null)));
                    if (why != null) {
                        refused.incrementAndGet();
                    }
                });
            }
        }
        long standing = open.stream().filter(Socket::open).count();
        assertThat(standing).isLessThanOrEqualTo(32);
        assertThat(refused.get() + open.size()).isEqualTo(71);
        assertThat(refused).hasPositiveValue();
        for (Socket stranger : open) {
            assertThat(stranger.closed()).isEqualTo(1008);
        }
        List<Socket> known = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            known.add(client(admin));
        }
        assertThat(known).allMatch(Socket::open);
        known.forEach(Socket::abort);
    }

    @Test
    void an_organisation_of_8000_hosts_is_told_whole_and_then_by_changes() throws Exception {
        String big = plane.call("POST", "/orgs", admin, "{\"name\":\"big\",\"slug\":\"big\"}")
                .body()
                .get("id")
                .asText();
        plane.sql("INSERT INTO nvremote.hosts (org_id, id, hostname, gpu_info, os_info, registered_at) SELECT '" + big
                + "', gen_random_uuid(), 'gpu-' || n || '.lab.example.com', '{\"name\":\"NVIDIA RTX A6000\"}',"
                + " '{\"platform\":\"Linux\",\"version\":\"6.1.0-28-amd64\"}', now() FROM generate_series(1, 8000) n");
        EnrolledHost one = EnrolledHost.in(plane, big, admin);
        Socket client = client(admin);
        Set<String> told = new HashSet<>();
        while (true) {
            JsonNode news = RunningControlPlane.JSON.readTree(client.await("\"host"));
            if (news.get("type").asText().equals("hosts_complete")) {
                assertThat(news.get("count").asInt()).isGreaterThanOrEqualTo(8_001);
                break;
            }
            if (news.path("org_id").asText().equals(big)) {
                told.add(news.get("host_id").asText());
            }
        }
        assertThat(told).hasSize(8_001).contains(one.id);
        Socket line = one.online();
        assertThat(client.await(one.id)).contains("\"ONLINE\"");
        assertThat(client.open()).isTrue();
        line.abort();
        client.abort();
        plane.sql("UPDATE nvremote.hosts SET deleted_at = now() WHERE org_id = '" + big + "'");
    }
}
