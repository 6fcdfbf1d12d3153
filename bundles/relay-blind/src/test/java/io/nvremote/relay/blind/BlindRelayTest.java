// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.blind;

import static io.nvremote.relay.blind.RelayBench.address;
import static io.nvremote.relay.blind.RelayBench.ticket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.StreamException;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.relay.RelayError;
import io.nvremote.relay.RelayRole;
import io.nvremote.relay.RelaySession;
import io.nvremote.relay.StunKey;
import io.nvremote.relay.StunMessage;
import io.nvremote.relay.StunTransaction;
import io.nvremote.relay.blind.RelayBench.Sent;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlindRelayTest {

    private static final InetSocketAddress CLIENT = address(1, 1001);
    private static final InetSocketAddress HOST = address(2, 2002);
    private static final InetSocketAddress THIRD = address(3, 3003);
    private static final InetSocketAddress MOVED = address(4, 4004);

    private final RelayBench bench = new RelayBench();
    private final RelaySession session = bench.added(bench.session(bench.key(), bench.key()));

    private static void only(List<Sent> sent, InetSocketAddress to, byte[] datagram) {
        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst().to()).isEqualTo(to);
        assertThat(sent.getFirst().bytes()).isEqualTo(datagram);
    }

    private void flows() {
        flows(CLIENT, HOST, 0);
    }

    private void flows(InetSocketAddress client, InetSocketAddress host, int offset) {
        byte[] up = bench.data(0x200 + offset);
        only(bench.send(client, up), host, up);
        byte[] down = bench.data(0x100 + offset);
        only(bench.send(host, down), client, down);
    }

    // Tickets

    @Test
    void a_ticket_binds_an_address_and_is_answered_with_it() {
        StunTransaction transaction = StunTransaction.next();
        List<Sent> sent = bench.send(CLIENT, ticket(session, RelayRole.CLIENT, transaction));

        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst().to()).isEqualTo(CLIENT);
        StunMessage answer =
                StunMessage.parse(ByteBuffer.wrap(sent.getFirst().bytes())).orElseThrow();
        assertThat(answer.kind()).isEqualTo(StunMessage.Kind.SUCCESS);
        assertThat(answer.transaction()).isEqualTo(transaction);
        assertThat(answer.mappedAddress()).contains(CLIENT);
        assertThat(answer.verify(StunKey.ofTicket(session.clientTicket()))).isTrue();
        assertThat(answer.verify(StunKey.ofTicket(session.hostTicket()))).isFalse();
        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.relay.counters().bound()).isEqualTo(1);
    }

    @Test
    void two_ticketed_sides_shake_hands_and_exchange_data() {
        bench.connect(session, CLIENT, HOST, 0);
        flows();
        assertThat(bench.relay.counters().dropped()).isZero();
        assertThat(bench.relay.counters().datagrams()).isEqualTo(4);
        assertThat(bench.relay.counters().bytes()).isEqualTo(148 + 92 + 128 + 128);
    }

    @Test
    void sides_bind_and_shake_hands_before_the_host_key_is_known() {
        RelaySession early = bench.added(bench.session(bench.key(), null));
        TunnelPublicKey hostKey = bench.key();
        bench.send(CLIENT, ticket(early, RelayRole.CLIENT));
        bench.send(HOST, ticket(early, RelayRole.HOST));

        byte[] initiation = bench.initiation(0x100, hostKey);
        only(bench.send(CLIENT, initiation), HOST, initiation);
        byte[] response = bench.response(0x200, 0x100, early.clientPublicKey());
        only(bench.send(HOST, response), CLIENT, response);
        flows();

        bench.added(new RelaySession(
                early.id(),
                early.clientPublicKey(),
                hostKey,
                early.clientTicket(),
                early.hostTicket(),
                early.expires()));
        flows();
    }

    @Test
    void an_initiation_before_the_host_is_there_is_held_and_delivered_when_its_ticket_arrives() {
        bench.send(CLIENT, ticket(session, RelayRole.CLIENT));
        byte[] older = bench.initiation(0x0ff, session.hostPublicKey());
        byte[] newest = bench.initiation(0x100, session.hostPublicKey());
        assertThat(bench.send(CLIENT, older)).isEmpty();
        assertThat(bench.send(CLIENT, newest)).isEmpty();

        List<Sent> sent = bench.send(HOST, ticket(session, RelayRole.HOST));
        assertThat(sent).hasSize(2);
        assertThat(sent.getLast().to()).isEqualTo(HOST);
        assertThat(sent.getLast().bytes()).isEqualTo(newest);
        assertThat(bench.drops(Drop.SUPERSEDED)).isEqualTo(1);
        assertThat(bench.send(HOST, ticket(session, RelayRole.HOST))).hasSize(1);
    }

    @Test
    void an_initiation_held_too_long_is_not_delivered() {
        bench.send(CLIENT, ticket(session, RelayRole.CLIENT));
        bench.send(CLIENT, bench.initiation(0x100, session.hostPublicKey()));
        bench.pass(Duration.ofSeconds(7));
        assertThat(bench.send(HOST, ticket(session, RelayRole.HOST))).hasSize(1);
        assertThat(bench.drops(Drop.SUPERSEDED)).isEqualTo(1);
    }

    @Test
    void a_ticket_from_a_new_address_moves_the_flow_at_once() {
        bench.connect(session, CLIENT, HOST, 0);
        bench.send(MOVED, ticket(session, RelayRole.CLIENT));
        flows(MOVED, HOST, 0);

        assertThat(bench.send(CLIENT, bench.data(0x200))).isEmpty();
        assertThat(bench.drops(Drop.UNKNOWN_SOURCE)).isEqualTo(1);
    }

    @Test
    void a_captured_ticket_request_does_not_move_the_flow() {
        byte[] captured = ticket(session, RelayRole.CLIENT);
        bench.send(CLIENT, captured);
        bench.send(HOST, ticket(session, RelayRole.HOST));
        bench.shake(session, CLIENT, HOST, 0);

        assertThat(bench.send(THIRD, captured)).isEmpty();
        assertThat(bench.drops(Drop.STUN_REPLAYED)).isEqualTo(1);
        flows();
        assertThat(bench.send(CLIENT, captured))
                .as("a repetition from the same address is fine")
                .hasSize(1);
    }

    @Test
    void a_wrong_ticket_an_unknown_session_and_a_forged_name_get_no_answer() {
        RelaySession stranger = bench.session(bench.key(), bench.key());
        assertThat(bench.send(THIRD, ticket(stranger, RelayRole.CLIENT))).isEmpty();
        assertThat(bench.drops(Drop.STUN_UNKNOWN_SESSION)).isEqualTo(1);

        byte[] swapped = StunMessage.bindingRequest(
                StunTransaction.next(), session.id() + ":client", StunKey.ofTicket(session.hostTicket()));
        assertThat(bench.send(THIRD, swapped)).isEmpty();
        assertThat(bench.drops(Drop.STUN_BAD_INTEGRITY)).isEqualTo(1);

        byte[] probe = StunMessage.bindingRequest(
                StunTransaction.next(), session.id() + ":probe", StunKey.ofTicket(session.clientTicket()));
        assertThat(bench.send(THIRD, probe)).isEmpty();
        assertThat(bench.drops(Drop.STUN_UNKNOWN_SESSION)).isEqualTo(2);
    }

    @Test
    void a_plain_initiation_cannot_move_a_ticketed_side() {
        bench.connect(session, CLIENT, HOST, 0);
        assertThat(bench.send(THIRD, bench.initiation(0x300, session.hostPublicKey())))
                .isEmpty();
        assertThat(bench.drops(Drop.TICKET_REQUIRED)).isEqualTo(1);
        flows();
    }

    @Test
    void after_a_restart_of_the_relay_tickets_alone_bring_the_flow_back() {
        RelayBench fresh = new RelayBench();
        fresh.added(session);
        fresh.send(CLIENT, ticket(session, RelayRole.CLIENT));
        fresh.send(HOST, ticket(session, RelayRole.HOST));
        byte[] data = fresh.data(0x777);
        only(fresh.send(CLIENT, data), HOST, data);
        only(fresh.send(HOST, data), CLIENT, data);
    }

    @Test
    void a_new_ticket_ends_the_old_one() {
        bench.connect(session, CLIENT, HOST, 0);
        RelaySession renewed = new RelaySession(
                session.id(),
                session.clientPublicKey(),
                session.hostPublicKey(),
                bench.ticket(),
                session.hostTicket(),
                session.expires());
        bench.added(renewed);
        assertThat(bench.send(CLIENT, bench.data(0x200))).isEmpty();
        assertThat(bench.send(CLIENT, ticket(session, RelayRole.CLIENT))).isEmpty();
        bench.connect(renewed, CLIENT, HOST, 1);
        flows(CLIENT, HOST, 1);
    }

    // Plain STUN

    @Test
    void plain_stun_is_answered_and_never_with_more_than_was_asked() {
        byte[] request = StunMessage.bindingRequest(StunTransaction.next());
        List<Sent> sent = bench.send(THIRD, request);
        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst().bytes().length).isLessThanOrEqualTo(request.length);
        assertThat(StunMessage.parse(ByteBuffer.wrap(sent.getFirst().bytes())).flatMap(StunMessage::mappedAddress))
                .contains(THIRD);

        byte[] bare = ByteBuffer.allocate(20)
                .put(request, 0, 20)
                .putShort(2, (short) 0)
                .array();
        assertThat(bench.send(THIRD, bare)).isEmpty();
        assertThat(bench.drops(Drop.STUN_SHORT)).isEqualTo(1);
    }

    @Test
    void stun_is_limited_by_source_and_recovers() {
        int answers = 0;
        for (int i = 0; i < 1_000; i++) {
            answers += bench.send(THIRD, StunMessage.bindingRequest(StunTransaction.next()))
                    .size();
        }
        assertThat(answers).isEqualTo(100);
        assertThat(bench.send(CLIENT, ticket(session, RelayRole.CLIENT)))
                .as("another source")
                .hasSize(1);
        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.send(THIRD, StunMessage.bindingRequest(StunTransaction.next())))
                .hasSize(1);
    }

    @Test
    void a_stun_answer_sent_to_the_relay_is_dropped() {
        byte[] answer =
                StunMessage.bindingSuccess(StunTransaction.next(), THIRD, StunKey.ofTicket(session.clientTicket()));
        assertThat(bench.send(THIRD, answer)).isEmpty();
        assertThat(bench.drops(Drop.STUN_MALFORMED)).isEqualTo(1);
    }

    // Plain WireGuard peers

    /** The client's first initiation is held, the host's brings it out, the host answers it. */
    private void plainHandshake(RelaySession s, InetSocketAddress client, InetSocketAddress host, int offset) {
        bench.send(client, bench.initiation(0x100 + offset, s.hostPublicKey()));
        bench.send(host, bench.initiation(0x900 + offset, s.clientPublicKey()));
        bench.send(host, bench.response(0x200 + offset, 0x100 + offset, s.clientPublicKey()));
    }

    @Test
    void of_two_first_initiations_that_meet_only_one_is_delivered() {
        byte[] first = bench.initiation(0x100, session.hostPublicKey());
        assertThat(bench.send(CLIENT, first)).isEmpty();

        only(bench.send(HOST, bench.initiation(0x900, session.clientPublicKey())), HOST, first);
        assertThat(bench.drops(Drop.CROSSING)).isEqualTo(1);

        byte[] response = bench.response(0x200, 0x100, session.clientPublicKey());
        only(bench.send(HOST, response), CLIENT, response);
        flows();
    }

    @Test
    void of_two_crossing_rekeys_only_one_is_delivered_and_a_later_one_passes() {
        plainHandshake(session, CLIENT, HOST, 0);
        bench.pass(Duration.ofMinutes(2));
        byte[] first = bench.initiation(0x101, session.hostPublicKey());
        only(bench.send(CLIENT, first), HOST, first);
        assertThat(bench.send(HOST, bench.initiation(0x901, session.clientPublicKey())))
                .isEmpty();
        assertThat(bench.drops(Drop.CROSSING)).isEqualTo(2);

        bench.pass(Duration.ofSeconds(5));
        byte[] retry = bench.initiation(0x902, session.clientPublicKey());
        only(bench.send(HOST, retry), CLIENT, retry);
    }

    @Test
    void crossing_rekeys_of_ticketed_sides_deliver_only_one() {
        bench.connect(session, CLIENT, HOST, 0);
        byte[] first = bench.initiation(0x901, session.clientPublicKey());
        only(bench.send(HOST, first), CLIENT, first);
        assertThat(bench.send(CLIENT, bench.initiation(0x101, session.hostPublicKey())))
                .isEmpty();
        assertThat(bench.drops(Drop.CROSSING)).isEqualTo(1);
    }

    @Test
    void captured_initiations_and_data_replayed_from_a_third_address_change_nothing() {
        byte[] captured = bench.initiation(0x100, session.hostPublicKey());
        bench.send(CLIENT, captured);
        bench.send(HOST, bench.initiation(0x900, session.clientPublicKey()));

        assertThat(bench.send(THIRD, captured)).as("while it is pending").isEmpty();
        assertThat(bench.drops(Drop.REPLAYED)).isEqualTo(1);

        bench.send(HOST, bench.response(0x200, 0x100, session.clientPublicKey()));
        flows();
        for (int i = 0; i < 20; i++) {
            bench.pass(Duration.ofSeconds(1));
            // The host sees a replayed initiation and, being WireGuard, stays silent: nothing commits the third
            // address.
            for (Sent sent : bench.send(THIRD, captured)) {
                assertThat(sent.to()).isEqualTo(HOST);
            }
            assertThat(bench.send(THIRD, bench.data(0x200))).isEmpty();
            flows();
        }
        byte[] rekey = bench.initiation(0x903, session.clientPublicKey());
        only(bench.send(HOST, rekey), CLIENT, rekey);
    }

    @Test
    void a_plain_peer_that_moved_is_followed_when_its_handshake_is_answered() {
        plainHandshake(session, CLIENT, HOST, 0);
        byte[] initiation = bench.initiation(0x102, session.hostPublicKey());
        only(bench.send(MOVED, initiation), HOST, initiation);
        flows();
        byte[] response = bench.response(0x202, 0x102, session.clientPublicKey());
        only(bench.send(HOST, response), MOVED, response);
        flows(MOVED, HOST, 2);
    }

    @Test
    void two_sessions_that_share_a_host_key_and_port_do_not_mix() {
        TunnelPublicKey hostKey = bench.key();
        RelaySession one = bench.added(bench.session(bench.key(), hostKey));
        RelaySession two = bench.added(bench.session(bench.key(), hostKey));
        InetSocketAddress first = address(11, 11);
        InetSocketAddress second = address(12, 12);
        plainHandshake(one, first, HOST, 0x10);

        byte[] initiation = bench.initiation(0x120, hostKey);
        only(bench.send(second, initiation), HOST, initiation);
        byte[] response = bench.response(0x220, 0x120, two.clientPublicKey());
        only(bench.send(HOST, response), second, response);

        for (int i = 0; i < 3; i++) {
            flows(first, HOST, 0x10);
            flows(second, HOST, 0x20);
            bench.pass(Duration.ofMinutes(1));
        }
        bench.remove(one);
        assertThat(bench.send(first, bench.data(0x210))).isEmpty();
        assertThat(bench.send(HOST, bench.data(0x110))).isEmpty();
        flows(second, HOST, 0x20);
    }

    @Test
    void two_peers_of_one_host_with_the_same_index_are_told_apart_by_trying_again() {
        TunnelPublicKey hostKey = bench.key();
        RelaySession one = bench.added(bench.session(bench.key(), hostKey));
        RelaySession two = bench.added(bench.session(bench.key(), hostKey));
        InetSocketAddress first = address(11, 11);
        InetSocketAddress second = address(12, 12);
        plainHandshake(one, first, HOST, 0);
        bench.send(second, bench.initiation(0x100, hostKey));

        assertThat(bench.send(HOST, bench.response(0x201, 0x100, two.clientPublicKey())))
                .isEmpty();
        assertThat(bench.drops(Drop.INDEX_COLLISION)).isEqualTo(1);
        flows(first, HOST, 0);
    }

    @Test
    void cookie_replies_find_the_one_they_answer() {
        plainHandshake(session, CLIENT, HOST, 0);
        bench.send(CLIENT, bench.initiation(0x101, session.hostPublicKey()));
        byte[] toInitiator = bench.cookie(0x101);
        only(bench.send(HOST, toInitiator), CLIENT, toInitiator);
        byte[] toResponder = bench.cookie(0x200);
        only(bench.send(CLIENT, toResponder), HOST, toResponder);
        assertThat(bench.send(CLIENT, bench.cookie(0x555))).isEmpty();
        assertThat(bench.send(THIRD, bench.cookie(0x101))).isEmpty();
    }

    @Test
    void a_response_nobody_asked_for_or_for_another_key_is_dropped() {
        plainHandshake(session, CLIENT, HOST, 0);
        assertThat(bench.send(HOST, bench.response(0x201, 0x555, session.clientPublicKey())))
                .isEmpty();
        bench.send(CLIENT, bench.initiation(0x101, session.hostPublicKey()));
        assertThat(bench.send(HOST, bench.response(0x201, 0x101, bench.key()))).isEmpty();
        assertThat(bench.drops(Drop.UNKNOWN_INDEX)).isEqualTo(2);
        flows();
    }

    // Bad input and floods

    @Test
    void junk_is_dropped_and_changes_nothing() {
        bench.connect(session, CLIENT, HOST, 0);
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] junk = new byte[random.nextInt(200)];
            random.nextBytes(junk);
            if (junk.length > 4 && random.nextInt(3) > 0) {
                junk[0] = (byte) (1 + random.nextInt(4));
                junk[1] = 0;
                junk[2] = 0;
                junk[3] = 0;
            }
            InetSocketAddress from = address(20 + random.nextInt(200), 1 + random.nextInt(60_000));
            assertThat(bench.send(from, junk)).isEmpty();
        }
        flows();
        assertThat(bench.relay.counters().dropped()).isEqualTo(20_000);
    }

    @Test
    void a_flood_of_unknown_initiations_is_limited_by_source_and_leaves_ticketed_sides_alone() {
        bench.connect(session, CLIENT, HOST, 0);
        TunnelPublicKey unknown = bench.key();
        for (int i = 0; i < 5_000; i++) {
            assertThat(bench.send(THIRD, bench.initiation(i, unknown))).isEmpty();
        }
        assertThat(bench.drops(Drop.UNKNOWN_KEY)).isEqualTo(20);
        assertThat(bench.drops(Drop.SCAN_LIMITED)).isEqualTo(4_980);
        bench.shake(session, CLIENT, HOST, 5);
        flows(CLIENT, HOST, 5);
    }

    @Test
    void nothing_that_comes_out_is_longer_than_what_went_in() {
        bench.send(CLIENT, ticket(session, RelayRole.CLIENT));
        for (byte[] datagram : List.of(
                bench.initiation(1, session.hostPublicKey()),
                bench.initiation(1, session.clientPublicKey()),
                bench.data(1),
                bench.cookie(1),
                StunMessage.bindingRequest(StunTransaction.next()),
                ticket(session, RelayRole.CLIENT))) {
            for (InetSocketAddress from : List.of(CLIENT, HOST, THIRD, address(30, 30))) {
                int out = 0;
                for (Sent sent : bench.send(from, datagram)) {
                    out += sent.bytes().length;
                }
                assertThat(out).isLessThanOrEqualTo(datagram.length);
            }
        }
    }

    // Lifetimes and the table

    @Test
    void a_removed_session_passes_nothing_more() {
        bench.connect(session, CLIENT, HOST, 0);
        bench.remove(session);
        assertThat(bench.send(CLIENT, bench.data(0x200))).isEmpty();
        assertThat(bench.send(HOST, bench.data(0x100))).isEmpty();
        assertThat(bench.send(CLIENT, ticket(session, RelayRole.CLIENT))).isEmpty();
        assertThat(bench.send(CLIENT, bench.initiation(7, session.hostPublicKey())))
                .isEmpty();
        assertThat(bench.relay.counters().sessions()).isZero();
        assertThat(bench.relay.counters().bound()).isZero();
    }

    @Test
    void a_session_ends_by_itself_when_it_expires() {
        RelaySession brief = bench.added(new RelaySession(
                session.id(),
                session.clientPublicKey(),
                session.hostPublicKey(),
                session.clientTicket(),
                session.hostTicket(),
                RelayBench.START.plusSeconds(60)));
        bench.connect(brief, CLIENT, HOST, 0);
        bench.pass(Duration.ofSeconds(59));
        flows();
        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.send(CLIENT, bench.data(0x200))).isEmpty();
        assertThat(bench.relay.counters().sessions()).isZero();
    }

    @Test
    void an_unused_route_ends_after_three_minutes_and_a_used_one_does_not() {
        plainHandshake(session, CLIENT, HOST, 0);
        for (int i = 0; i < 10; i++) {
            bench.pass(Duration.ofSeconds(100));
            flows();
        }
        bench.pass(Duration.ofSeconds(181));
        assertThat(bench.send(CLIENT, bench.data(0x200))).isEmpty();
        assertThat(bench.drops(Drop.UNKNOWN_INDEX)).isEqualTo(1);
    }

    @Test
    void a_silent_address_is_forgotten_after_five_minutes() {
        bench.connect(session, CLIENT, HOST, 0);
        for (int i = 0; i < 20; i++) {
            bench.pass(Duration.ofSeconds(15));
            bench.send(HOST, ticket(session, RelayRole.HOST));
        }
        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.relay.counters().bound()).isEqualTo(1);
        assertThat(bench.send(HOST, bench.data(0x100))).isEmpty();
        assertThat(bench.drops(Drop.NO_PEER)).isEqualTo(1);
    }

    @Test
    void an_hour_of_keepalives_and_rekeys_loses_nothing() {
        bench.connect(session, CLIENT, HOST, 0);
        for (int rekey = 1; rekey <= 30; rekey++) {
            for (int i = 0; i < 8; i++) {
                bench.pass(Duration.ofSeconds(15));
                bench.send(CLIENT, ticket(session, RelayRole.CLIENT));
                bench.send(HOST, ticket(session, RelayRole.HOST));
                flows(CLIENT, HOST, rekey - 1);
            }
            bench.shake(session, CLIENT, HOST, rekey);
            flows(CLIENT, HOST, rekey - 1);
        }
        assertThat(bench.relay.counters().dropped()).isZero();
    }

    @Test
    void a_full_set_keeps_what_stays_and_ends_what_does_not() {
        RelaySession other = bench.added(bench.session(bench.key(), bench.key()));
        bench.connect(session, CLIENT, HOST, 0);
        bench.connect(other, address(5, 5), address(6, 6), 8);
        RelaySession fresh = bench.session(bench.key(), bench.key());
        bench.replaceAll(List.of(session, fresh));
        flows();
        assertThat(bench.send(address(5, 5), bench.data(0x208))).isEmpty();
        bench.connect(fresh, address(7, 7), address(8, 8), 9);
        flows(address(7, 7), address(8, 8), 9);
        assertThat(bench.relay.counters().sessions()).isEqualTo(2);
    }

    @Test
    void a_change_that_is_not_newer_is_refused() {
        bench.relay.remove(100, session.id());
        assertThatThrownBy(() -> bench.relay.upsert(100, session))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(RelayError.STALE_CHANGE));
        assertThat(bench.send(CLIENT, ticket(session, RelayRole.CLIENT))).isEmpty();
        assertThat(bench.relay.sequence()).isEqualTo(100);
    }

    @Test
    void a_thousand_sessions_of_one_host_keep_apart() {
        TunnelPublicKey hostKey = bench.key();
        for (int i = 0; i < 1_000; i++) {
            RelaySession one = bench.added(bench.session(bench.key(), hostKey));
            InetSocketAddress client = new InetSocketAddress("198.51." + i / 250 + "." + (1 + i % 250), 51820);
            bench.send(client, ticket(one, RelayRole.CLIENT));
            bench.send(HOST, ticket(one, RelayRole.HOST));
            bench.send(client, bench.initiation(0x10_0000 + i, hostKey));
            bench.send(HOST, bench.response(0x20_0000 + i, 0x10_0000 + i, one.clientPublicKey()));
            bench.pass(Duration.ofMillis(100));
            byte[] up = bench.data(0x20_0000 + i);
            only(bench.send(client, up), HOST, up);
            byte[] down = bench.data(0x10_0000 + i);
            only(bench.send(HOST, down), client, down);
        }
        assertThat(bench.relay.counters().dropped()).isZero();
    }
}
