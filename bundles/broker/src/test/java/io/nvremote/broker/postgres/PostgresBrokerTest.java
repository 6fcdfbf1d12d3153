// SPDX-License-Identifier: Apache-2.0
package io.nvremote.broker.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.audit.AuditQuery;
import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.postgres.AuditSchema;
import io.nvremote.audit.postgres.PostgresAudit;
import io.nvremote.broker.Broker;
import io.nvremote.broker.BrokerError;
import io.nvremote.broker.Gateway;
import io.nvremote.broker.SessionQuery;
import io.nvremote.broker.SessionRequest;
import io.nvremote.broker.SessionStatus;
import io.nvremote.broker.StreamSession;
import io.nvremote.broker.TunnelPair;
import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import io.nvremote.core.CoreError;
import io.nvremote.core.Endpoint;
import io.nvremote.core.ErrorCode;
import io.nvremote.core.GatewayId;
import io.nvremote.core.GatewayKey;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.core.UserId;
import io.nvremote.directory.postgres.DirectorySchema;
import io.nvremote.store.postgres.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TestDatabase.Once.class)
@TestDatabase.With({BrokerSchema.class, AuditSchema.class, DirectorySchema.class})
class PostgresBrokerTest {

    private static final Endpoint ELSEWHERE = Endpoint.parse("elsewhere.example.org:51820");
    private static final TunnelPublicKey KEY = key(1);
    private static final TunnelPublicKey HOST_KEY = key(2);

    private final TestDatabase database;
    private final TestClock clock = new TestClock();
    private final AuditTrail audit;
    private final Broker broker;
    private final OrgId org = OrgId.next();
    private final UserId user = UserId.next();

    PostgresBrokerTest(TestDatabase database) {
        this.database = database;
        audit = new PostgresAudit(database.store(), clock);
        broker = new PostgresBroker(database.store(), audit, BrokerSettings.STANDARD, clock);
        database.asOwner(
                "INSERT INTO users (id, email, name) VALUES ('" + user + "', 'a@example.org', 'A')",
                "INSERT INTO orgs (id, name, slug) VALUES ('" + org + "', 'Org', 'o-" + org + "')",
                "INSERT INTO org_members (org_id, user_id, role) VALUES ('" + org + "', '" + user + "', 'MEMBER')");
    }

    @Test
    void a_session_goes_from_pending_to_active_to_terminated_and_every_step_is_audited() {
        GatewayId gateway = gateway(4);
        HostId host = host(1);
        StreamSession pending = request(host, gateway, null);
        assertThat(pending.status()).isEqualTo(SessionStatus.PENDING);
        assertThat(pending.gatewayEndpoint()).hasToString("gw.example.org:51820");
        assertThat(pending.pair().clientIp()).hasToString("10.100.2.0");
        assertThat(pending.pair().hostIp()).hasToString("10.100.2.1");

        StreamSession answered = broker.answer(org, host, pending.id(), HOST_KEY, Actor.host(host, null));
        assertThat(answered.status()).isEqualTo(SessionStatus.PENDING);
        assertThat(answered.hostPublicKey()).isEqualTo(HOST_KEY);
        StreamSession active = broker.activate(org, pending.id(), Actor.SYSTEM);
        assertThat(active.status()).isEqualTo(SessionStatus.ACTIVE);
        assertThat(broker.live(gateway)).containsExactly(active);
        assertThat(broker.visibleTo(user, pending.id())).contains(active);
        assertThat(broker.visibleTo(UserId.next(), pending.id())).isEmpty();

        StreamSession ended = broker.terminate(org, pending.id(), "user_disconnect", Actor.user(user, null, null));
        assertThat(ended.status()).isEqualTo(SessionStatus.TERMINATED);
        assertThat(ended.endReason()).isEqualTo("user_disconnect");
        assertThat(broker.terminate(org, pending.id(), "again", Actor.SYSTEM)).isEqualTo(ended);
        assertThat(broker.fail(org, pending.id(), "again", Actor.SYSTEM)).isEqualTo(ended);
        assertThat(broker.live(gateway)).isEmpty();
        assertThat(broker.find(org, pending.id())).contains(ended);
        assertThat(events())
                .containsExactly("SESSION_CREATED", "SESSION_ACCEPTED", "SESSION_ACTIVE", "SESSION_TERMINATED");
        assertThat(audit.verify(org).whole()).isTrue();
    }

    @Test
    void racers_over_few_pairs_never_share_one_and_the_rest_get_a_coded_error() throws Exception {
        int pairs = 6;
        GatewayId gateway = gateway(pairs);
        List<HostId> hosts = new ArrayList<>();
        List<UserId> users = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            hosts.add(host(1));
            users.add(member());
        }
        List<Object> outcomes = all(
                24,
                number -> () -> outcome(() -> request(users.get(number), hosts.get(number), gateway, null)
                        .session()));
        assertThat(outcomes)
                .filteredOn(StreamSession.class::isInstance)
                .extracting(o -> ((StreamSession) o).pair())
                .hasSize(pairs)
                .doesNotHaveDuplicates();
        assertThat(outcomes)
                .filteredOn(BrokerError.ADDRESS_POOL_EXHAUSTED::equals)
                .hasSize(24 - pairs);
    }

    @Test
    void sessions_that_come_and_go_in_many_threads_leave_nothing_allocated() throws Exception {
        GatewayId gateway = gateway(64);
        List<HostId> hosts = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            hosts.add(host(4));
        }
        List<Object> outcomes = all(
                48,
                number -> () -> outcome(() -> {
                    StreamSession session = request(hosts.get(number % 12), gateway, null);
                    return number % 2 == 0
                            ? broker.fail(org, session.id(), "host_rejected", Actor.SYSTEM)
                            : broker.terminate(org, session.id(), "user_disconnect", Actor.SYSTEM);
                }));
        assertThat(outcomes).allMatch(StreamSession.class::isInstance);
        assertThat(outcomes)
                .extracting(o -> ((StreamSession) o).pair())
                .as("a pair rests after use")
                .doesNotHaveDuplicates();
        assertThat(held(gateway)).isEqualTo("0");
        assertThat(broker.live(gateway)).isEmpty();
        assertThat(audit.verify(org).whole()).isTrue();
    }

    @Test
    void a_released_pair_rests_for_180_seconds() {
        GatewayId gateway = gateway(1);
        HostId host = host(1);
        StreamSession first = request(host, gateway, null);
        broker.fail(org, first.id(), "host_rejected", Actor.SYSTEM);

        clock.advance(Duration.ofSeconds(179));
        assertCode(BrokerError.ADDRESS_POOL_EXHAUSTED, () -> request(host, gateway, null));
        clock.advance(Duration.ofSeconds(1));
        assertThat(request(host, gateway, null).pair()).isEqualTo(first.pair());
    }

    @Test
    void nothing_stays_allocated_when_a_request_is_refused() {
        GatewayId gateway = gateway(2);
        HostId host = host(1);
        request(host, gateway, null);
        assertCode(BrokerError.HOST_BUSY, () -> request(member(), host, gateway, null));
        assertCode(BrokerError.HOST_UNKNOWN, () -> request(HostId.next(), gateway, null));
        HostId other = host(1);
        status(other, "OFFLINE");
        assertCode(BrokerError.HOST_OFFLINE, () -> request(other, gateway, null));
        status(other, "MAINTENANCE");
        assertCode(BrokerError.HOST_IN_MAINTENANCE, () -> request(other, gateway, null));
        status(other, "ONLINE");
        assertCode(BrokerError.GATEWAY_UNKNOWN, () -> request(other, GatewayId.next(), null));
        assertThat(held(gateway)).isEqualTo("1");
        assertThat(events()).filteredOn("SESSION_REQUESTED"::equals).hasSize(5);
    }

    @Test
    void one_host_never_runs_more_than_it_may_even_in_a_race() throws Exception {
        GatewayId gateway = gateway(32);
        HostId host = host(3);
        List<UserId> users = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            users.add(member());
        }
        List<Object> outcomes = all(
                16,
                number -> () -> outcome(
                        () -> request(users.get(number), host, gateway, null).session()));
        assertThat(outcomes).filteredOn(StreamSession.class::isInstance).hasSize(3);
        assertThat(outcomes).filteredOn(BrokerError.HOST_BUSY::equals).hasSize(13);
    }

    @Test
    void on_a_full_host_a_users_own_oldest_session_gives_way_and_nobody_elses() {
        GatewayId gateway = gateway(8);
        HostId host = host(3);
        StreamSession others = request(member(), host, gateway, null).session();
        StreamSession oldest = active(host, gateway);
        Broker.Requested third = request(user, host, gateway, null);
        assertThat(third.replaced()).as("there was room").isNull();

        Broker.Requested fourth = request(user, host, gateway, "again");
        assertThat(fourth.replaced()).isEqualTo(broker.find(org, oldest.id()).orElseThrow());
        assertThat(fourth.replaced().status()).isEqualTo(SessionStatus.TERMINATED);
        assertThat(fourth.replaced().endReason()).isEqualTo("replaced");
        assertThat(fourth.session().pair()).as("a pair rests after use").isNotEqualTo(oldest.pair());
        assertThat(ids(broker.live(gateway)))
                .containsExactlyInAnyOrder(
                        others.id(), third.session().id(), fourth.session().id());
        assertThat(held(gateway)).isEqualTo("3");
        assertThat(events())
                .endsWith("SESSION_CREATED", "SESSION_TERMINATED", "SESSION_CREATED")
                .hasSize(7);
        assertThat(request(user, host, gateway, "again")).isEqualTo(new Broker.Requested(fourth.session(), null));

        assertCode(BrokerError.HOST_BUSY, () -> request(member(), host, gateway, null));
        assertThat(held(gateway)).isEqualTo("3");
        assertThat(audit.verify(org).whole()).isTrue();
    }

    @Test
    void a_request_that_is_refused_after_all_ends_nothing() {
        GatewayId gateway = gateway(1);
        HostId host = host(1);
        StreamSession running = active(host, gateway);
        assertCode(BrokerError.ADDRESS_POOL_EXHAUSTED, () -> request(host, gateway, null));
        assertThat(status(running)).isEqualTo(SessionStatus.ACTIVE);
        assertThat(held(gateway)).isEqualTo("1");
    }

    @Test
    void requests_of_one_user_at_once_replace_each_other_and_the_last_one_stays() throws Exception {
        GatewayId gateway = gateway(32);
        HostId host = host(1);
        active(host, gateway);
        List<Broker.Requested> made = all(12, number -> () -> request(user, host, gateway, null));
        assertThat(made)
                .extracting(each -> each.replaced().id())
                .as("each replaced another")
                .doesNotHaveDuplicates();
        assertThat(broker.live(gateway)).hasSize(1);
        assertThat(held(gateway)).isEqualTo("1");
        assertThat(events()).filteredOn("SESSION_TERMINATED"::equals).hasSize(12);
        assertThat(audit.verify(org).whole()).isTrue();
    }

    @Test
    void the_same_idempotency_key_gives_the_same_session_even_in_a_race() throws Exception {
        GatewayId gateway = gateway(16);
        HostId host = host(8);
        List<StreamSession> sessions = all(8, number -> () -> request(host, gateway, "the-key"));
        assertThat(sessions)
                .extracting(StreamSession::id)
                .containsOnly(sessions.getFirst().id());
        assertThat(held(gateway)).isEqualTo("1");
        assertCode(
                BrokerError.IDEMPOTENCY_MISMATCH,
                () -> broker.request(
                        new SessionRequest(org, user, null, host, gateway, key(9), "the-key"), Actor.SYSTEM));
        assertCode(BrokerError.IDEMPOTENCY_KEY_REFUSED, () -> request(host, gateway, "white space"));
        status(host, "OFFLINE");
        assertThat(request(host, gateway, "the-key").id())
                .isEqualTo(sessions.getFirst().id());
    }

    @Test
    void another_hosts_answer_is_refused_as_if_there_were_no_session() {
        GatewayId gateway = gateway(2);
        StreamSession session = request(host(1), gateway, null);
        HostId other = host(1);
        assertCode(BrokerError.SESSION_UNKNOWN, () -> broker.answer(org, other, session.id(), HOST_KEY, Actor.SYSTEM));
        assertCode(
                BrokerError.SESSION_UNKNOWN,
                () -> broker.answer(OrgId.next(), session.host(), session.id(), HOST_KEY, Actor.SYSTEM));
        assertThat(broker.find(org, session.id()).orElseThrow().hostPublicKey()).isNull();
        assertThat(broker.find(OrgId.next(), session.id())).isEmpty();
    }

    @Test
    void a_session_is_answered_once() {
        GatewayId gateway = gateway(2);
        StreamSession session = request(host(1), gateway, null);
        assertCode(BrokerError.NOT_ANSWERED, () -> broker.activate(org, session.id(), Actor.SYSTEM));
        StreamSession answered = broker.answer(org, session.host(), session.id(), HOST_KEY, Actor.SYSTEM);
        assertThat(broker.answer(org, session.host(), session.id(), HOST_KEY, Actor.SYSTEM))
                .isEqualTo(answered);
        assertCode(
                BrokerError.ALREADY_ANSWERED,
                () -> broker.answer(org, session.host(), session.id(), key(3), Actor.SYSTEM));
        broker.fail(org, session.id(), "gateway_lost", Actor.SYSTEM);
        assertCode(BrokerError.SESSION_ENDED, () -> broker.activate(org, session.id(), Actor.SYSTEM));
        assertCode(
                BrokerError.SESSION_ENDED,
                () -> broker.answer(org, session.host(), session.id(), HOST_KEY, Actor.SYSTEM));
    }

    @Test
    void a_host_that_does_not_answer_in_time_leaves_nothing_behind() {
        GatewayId gateway = gateway(2);
        StreamSession session = request(host(1), gateway, null);
        assertThat(broker.expireOverdue(host -> false))
                .extracting(StreamSession::id)
                .doesNotContain(session.id());
        clock.advance(BrokerSettings.STANDARD.pendingTimeout());
        assertCode(
                BrokerError.SESSION_ENDED,
                () -> broker.answer(org, session.host(), session.id(), HOST_KEY, Actor.SYSTEM));
        assertThat(broker.expireOverdue(host -> false))
                .extracting(StreamSession::id)
                .contains(session.id());
        assertThat(broker.find(org, session.id()).orElseThrow().status()).isEqualTo(SessionStatus.EXPIRED);
        assertThat(held(gateway)).isEqualTo("0");
        assertThat(broker.expireOverdue(host -> false))
                .extracting(StreamSession::id)
                .doesNotContain(session.id());
    }

    @Test
    void a_session_whose_host_is_not_heard_of_any_more_fails_and_leaves_nothing_behind() {
        GatewayId gateway = gateway(2);
        StreamSession lost = active(host(1), gateway);
        StreamSession heard = active(host(1), gateway);
        Duration patience = BrokerSettings.STANDARD.hostLost();
        pass(broker, patience.minusSeconds(1));
        heartbeat(heard.host());
        assertThat(broker.expireOverdue(host -> false))
                .extracting(StreamSession::id)
                .doesNotContain(lost.id(), heard.id());
        clock.advance(Duration.ofSeconds(2));
        assertThat(broker.expireOverdue(host -> false))
                .extracting(StreamSession::id)
                .contains(lost.id())
                .doesNotContain(heard.id());
        StreamSession after = broker.find(org, lost.id()).orElseThrow();
        assertThat(after.status()).isEqualTo(SessionStatus.FAILED);
        assertThat(after.endReason()).isEqualTo("host_lost");
        assertThat(held(gateway)).isEqualTo("1");
    }

    @Test
    void hosts_have_their_time_to_come_back_after_the_broker_itself_was_away() {
        StreamSession session = active(host(1), gateway(2));
        clock.advance(BrokerSettings.STANDARD.hostLost().plusSeconds(1));
        Broker restarted = new PostgresBroker(database.store(), audit, BrokerSettings.STANDARD, clock);
        assertThat(ids(restarted.expireOverdue(host -> false))).doesNotContain(session.id());
        pass(restarted, BrokerSettings.STANDARD.hostLost().plusSeconds(1));
        assertThat(status(session)).isEqualTo(SessionStatus.FAILED);
    }

    @Test
    void hosts_have_their_time_to_be_heard_of_after_the_database_was_away() {
        StreamSession session = active(host(1), gateway(2));
        Duration patience = BrokerSettings.STANDARD.hostLost();
        pass(broker, Duration.ofSeconds(30));
        clock.advance(patience.plusSeconds(1)); // as long as no sweep went well, and nobody wrote a heartbeat down
        assertThat(ids(broker.expireOverdue(host -> false))).isEmpty();
        pass(broker, patience.minusSeconds(1));
        assertThat(status(session)).isEqualTo(SessionStatus.ACTIVE);
        pass(broker, Duration.ofSeconds(2));
        assertThat(status(session)).isEqualTo(SessionStatus.FAILED);
    }

    @Test
    void a_step_of_the_wall_clock_loses_no_session() {
        StreamSession session = active(host(1), gateway(2));
        pass(broker, Duration.ofSeconds(30));
        clock.step(BrokerSettings.STANDARD.hostLost().plusSeconds(60));
        pass(broker, Duration.ofSeconds(30));
        assertThat(status(session)).isEqualTo(SessionStatus.ACTIVE);
        clock.step(BrokerSettings.STANDARD.hostLost().plusSeconds(60).negated());
    }

    @Test
    void a_session_of_a_connected_host_is_not_lost_however_long_nobody_wrote_of_it() {
        HostId host = host(1);
        StreamSession session = active(host, gateway(2));
        for (int i = 0; i < 100; i++) {
            clock.advance(Duration.ofSeconds(5));
            assertThat(ids(broker.expireOverdue(host::equals))).doesNotContain(session.id());
        }
        broker.fail(org, session.id(), "done", Actor.SYSTEM);
    }

    /** Time as it is lived, with a sweep every few seconds. */
    private void pass(Broker by, Duration time) {
        for (Duration left = time; left.isPositive(); left = left.minusSeconds(5)) {
            clock.advance(left.compareTo(Duration.ofSeconds(5)) < 0 ? left : Duration.ofSeconds(5));
            by.expireOverdue(host -> false);
        }
    }

    private static List<SessionId> ids(List<StreamSession> sessions) {
        return sessions.stream().map(StreamSession::id).toList();
    }

    private SessionStatus status(StreamSession session) {
        return broker.find(org, session.id()).orElseThrow().status();
    }

    @Test
    void a_session_ends_at_the_longest_duration() {
        StreamSession session = active(host(1), gateway(2));
        clock.advance(BrokerSettings.STANDARD.longest().minusSeconds(1));
        heartbeat(session.host());
        assertThat(broker.expireOverdue(host -> false))
                .extracting(StreamSession::id)
                .doesNotContain(session.id());
        clock.advance(Duration.ofSeconds(1));
        assertThat(broker.expireOverdue(host -> false))
                .extracting(StreamSession::id)
                .contains(session.id());
    }

    @Test
    void what_a_host_says_it_runs_is_reconciled_with_what_is_known() {
        GatewayId gateway = gateway(8);
        HostId host = host(4);
        StreamSession kept = active(host, gateway);
        StreamSession lost = active(host, gateway);
        StreamSession waiting = request(host, gateway, null);
        SessionId unknown = SessionId.next();
        Broker.Reconciliation found = broker.reconcile(org, host, Set.of(kept.id(), unknown), Actor.host(host, null));
        assertThat(found.ended()).extracting(StreamSession::id).containsExactly(lost.id());
        assertThat(found.stopOnHost()).containsExactly(unknown);
        assertThat(broker.find(org, kept.id()).orElseThrow().status()).isEqualTo(SessionStatus.ACTIVE);
        assertThat(broker.find(org, waiting.id()).orElseThrow().status()).isEqualTo(SessionStatus.PENDING);
        assertThat(held(gateway)).isEqualTo("2");
    }

    @Test
    void one_machine_never_sees_one_address_at_two_gateways() {
        HostId host = host(4);
        TunnelPair here = request(host, gateway(2), null).pair();
        TunnelPair there = request(host, gateway(2), null).pair();
        assertThat(there).isNotEqualTo(here);
    }

    @Test
    void lists_are_newest_first_and_paged_and_of_one_organisation() {
        GatewayId gateway = gateway(8);
        HostId host = host(8);
        List<SessionId> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.addFirst(request(host, gateway, null).id());
        }
        List<StreamSession> first = broker.list(new SessionQuery(org, user, host, SessionStatus.PENDING, null, 3));
        List<StreamSession> second = broker.list(
                new SessionQuery(org, null, null, null, first.getLast().id(), 3));
        assertThat(first).extracting(StreamSession::id).containsExactlyElementsOf(made.subList(0, 3));
        assertThat(second).extracting(StreamSession::id).containsExactlyElementsOf(made.subList(3, 5));
        assertThat(broker.list(new SessionQuery(OrgId.next(), null, null, null, null, 100)))
                .isEmpty();
        assertThat(broker.list(new SessionQuery(org, UserId.next(), null, null, null, 100)))
                .isEmpty();
    }

    @Test
    void a_key_of_somebody_else_is_refused() {
        GatewayId gateway = gateway(1);
        HostId host = host(1);
        TunnelPublicKey theGateways = TunnelPublicKey.parse(broker.gateways().stream()
                .filter(known -> known.id().equals(gateway))
                .findFirst()
                .orElseThrow()
                .publicKey()
                .toString());
        assertCode(
                BrokerError.KEY_REFUSED,
                () -> broker.request(
                        new SessionRequest(org, user, null, host, gateway, theGateways, null), Actor.SYSTEM));
        StreamSession session = request(host, gateway, null);
        for (TunnelPublicKey taken : List.of(theGateways, KEY)) {
            assertCode(BrokerError.KEY_REFUSED, () -> broker.answer(org, host, session.id(), taken, Actor.SYSTEM));
        }
        assertThat(broker.find(org, session.id()).orElseThrow().hostPublicKey()).isNull();
    }

    @Test
    void a_row_that_breaks_a_rule_is_no_fault_of_who_asks() {
        GatewayId gateway = gateway(1);
        StreamSession session = request(host(1), gateway, null);
        String row = " WHERE id = '" + session.id() + "'";
        database.asOwner("UPDATE sessions SET client_public_key = 'short'" + row);
        assertCode(CoreError.INTERNAL, () -> broker.find(org, session.id()));
        database.asOwner("UPDATE sessions SET client_public_key = '" + KEY + "'" + row);
        assertThat(broker.find(org, session.id())).contains(session);
    }

    /** A hand at the database, or what a newer release wrote there: columns that this release can't read. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "status = 'PAUSED'",
                "client_public_key = 'short'",
                "host_public_key = 'short'",
                "gateway_public_key = 'short'",
                "gateway_endpoint = 'nowhere'",
                "pair_no = -1"
            })
    void a_session_that_cannot_be_read_stops_nothing_of_others(String broken) {
        GatewayId gateway = gateway(8);
        HostId host = host(4);
        SessionId one = active(host, gateway).id();
        SessionId bad = active(host, gateway).id();
        SessionId other = active(host, gateway).id();
        String row = "UPDATE sessions SET %s WHERE id = '" + bad + "'";
        database.withoutChecks("sessions", () -> {
            database.asOwner(row.formatted(broken));
            try {
                assertThat(ids(broker.live(gateway))).contains(one, other);
                assertThat(ids(broker.list(new SessionQuery(org, null, null, null, null, 100))))
                        .contains(one, other);
                assertThat(ids(broker.reconcile(org, host, Set.of(one), Actor.SYSTEM)
                                .ended()))
                        .containsExactly(other);
                StreamSession lost = active(host(1), gateway);
                clock.advance(BrokerSettings.STANDARD.longest());
                heartbeat(host);
                assertThat(ids(broker.expireOverdue(host::equals))).contains(one);
                pass(broker, BrokerSettings.STANDARD.hostLost().plusSeconds(1));
                assertThat(broker.find(org, lost.id()).orElseThrow().status().live())
                        .isFalse();
            } finally {
                database.asOwner(row.formatted("status = 'TERMINATED', ended_at = created_at, pair_no = 0,"
                        + " client_public_key = '" + KEY + "', host_public_key = '" + HOST_KEY
                        + "', gateway_public_key = '"
                        + KEY + "', gateway_endpoint = '" + ELSEWHERE + "'"));
            }
        });
    }

    @Test
    void a_gateway_that_comes_back_changes_its_address_and_keeps_its_pairs() {
        GatewayId gateway = gateway(2);
        StreamSession session = request(host(1), gateway, null);
        broker.announce(new Gateway(gateway, ELSEWHERE, gatewayKey(7), 1));
        assertThat(broker.gateways()).contains(new Gateway(gateway, ELSEWHERE, gatewayKey(7), 2));
        assertThat(broker.live(gateway)).containsExactly(session);
        broker.announce(new Gateway(gateway, ELSEWHERE, gatewayKey(7), 3));
        assertThat(database.valueAsOwner("SELECT count(*) FROM addr_slots WHERE gateway_id = '" + gateway + "'"))
                .isEqualTo("3");
    }

    private StreamSession active(HostId host, GatewayId gateway) {
        StreamSession session = request(host, gateway, null);
        broker.answer(org, host, session.id(), HOST_KEY, Actor.SYSTEM);
        return broker.activate(org, session.id(), Actor.SYSTEM);
    }

    private StreamSession request(HostId host, GatewayId gateway, String idempotencyKey) {
        return request(user, host, gateway, idempotencyKey).session();
    }

    private Broker.Requested request(UserId who, HostId host, GatewayId gateway, String idempotencyKey) {
        return broker.request(new SessionRequest(org, who, null, host, gateway, KEY, idempotencyKey), Actor.SYSTEM);
    }

    private GatewayId gateway(int pairs) {
        GatewayId id = GatewayId.next();
        broker.announce(new Gateway(id, Endpoint.parse("gw.example.org:51820"), gatewayKey(5), pairs));
        return id;
    }

    private HostId host(int most) {
        HostId id = HostId.next();
        database.asOwner("INSERT INTO hosts (org_id, id, hostname, status, max_sessions, registered_at) VALUES ('" + org
                + "', '" + id + "', 'h', 'ONLINE', " + most + ", now())");
        return id;
    }

    private UserId member() {
        UserId id = UserId.next();
        database.asOwner("INSERT INTO users (id, email, name) VALUES ('" + id + "', 'a@example.org', 'A')");
        return id;
    }

    private void status(HostId host, String status) {
        database.asOwner("UPDATE hosts SET status = '" + status + "' WHERE id = '" + host + "'");
    }

    private void heartbeat(HostId host) {
        database.asOwner("UPDATE hosts SET last_heartbeat_at = '" + clock.instant() + "' WHERE id = '" + host + "'");
    }

    private String held(GatewayId gateway) {
        return database.valueAsOwner(
                "SELECT count(*) FROM addr_slots WHERE session_id IS NOT NULL AND gateway_id = '" + gateway + "'");
    }

    private List<String> events() {
        return audit.read(org, AuditQuery.of(Instant.EPOCH, clock.instant().plusSeconds(1))).stream()
                .map(r -> r.event().type().name())
                .toList();
    }

    private static Object outcome(Callable<StreamSession> call) throws Exception {
        try {
            return call.call();
        } catch (StreamException e) {
            return e.code();
        }
    }

    private static void assertCode(ErrorCode code, Callable<?> call) {
        assertThatThrownBy(call::call).isInstanceOfSatisfying(StreamException.class, e -> assertThat(e.code())
                .isEqualTo(code));
    }

    private static TunnelPublicKey key(int fill) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) fill);
        return TunnelPublicKey.of(bytes);
    }

    private static GatewayKey gatewayKey(int fill) {
        return GatewayKey.of(key(fill).bytes());
    }

    private static <T> List<T> all(int count, IntFunction<Callable<T>> work) throws Exception {
        CountDownLatch ready = new CountDownLatch(count);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Callable<T> each = work.apply(i);
                futures.add(threads.submit(() -> {
                    ready.countDown();
                    ready.await();
                    return each.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }

    /** A clock that a test moves. */
    private static final class TestClock implements Clock {

        private Instant now = Instant.now();
        private long nanos;

        /** The wall clock is set, and no time passes. */
        synchronized void step(Duration by) {
            now = now.plus(by);
        }

        synchronized void advance(Duration duration) {
            now = now.plus(duration);
            nanos += duration.toNanos();
        }

        @Override
        public synchronized Instant instant() {
            return now;
        }

        @Override
        public synchronized long nanos() {
            return nanos;
        }

        @Override
        public void sleep(Duration duration) {
            advance(duration);
        }
    }
}
