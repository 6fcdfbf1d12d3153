// SPDX-License-Identifier: Apache-2.0
package io.nvremote.presence.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.presence.Audience;
import io.nvremote.presence.Holder;
import io.nvremote.presence.Lease;
import io.nvremote.presence.Presence;
import io.nvremote.presence.PresenceError;
import io.nvremote.signaling.Signal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LocalPresenceTest {

    private final OrgId org = OrgId.next();
    private final HostId host = HostId.next();
    private final TestClock clock = new TestClock();
    private final LocalPresence presence = new LocalPresence(clock);
    private final List<String> heard = new ArrayList<>();

    @BeforeEach
    void watch() {
        presence.watch(new Presence.Watcher() {
            @Override
            public void changed(OrgId of, HostId which) {
                heard.add("changed");
            }

            @Override
            public void cloned(Lease newer, Lease older) {
                assertThat(newer.epoch()).isGreaterThan(older.epoch());
                heard.add("cloned");
            }
        });
    }

    private Holder.Host identity() {
        return identity(1);
    }

    private Holder.Host identity(int serial) {
        return new Holder.Host(org, host, BigInteger.valueOf(serial));
    }

    private Holder.Client client(UserId user, Set<OrgId> orgs, Set<OrgId> guestOf) {
        return new Holder.Client(user, UUID.randomUUID(), Instant.MAX, orgs, guestOf);
    }

    private Signal.HostStatus status(String state, double gpu, int sessions) {
        return new Signal.HostStatus(
                host,
                state,
                gpu,
                sessions,
                clock.instant(),
                new Signal.HostLoad(gpu, 100L, 10L),
                new Signal.HostLabel(org, "gpu-1", "RTX", "Linux", clock.instant()));
    }

    @Test
    void the_newest_connection_of_a_host_counts_and_the_end_of_an_older_one_changes_nothing() {
        FakeSocket old = new FakeSocket("old");
        old.answers = false; // a line that was cut and does not know it yet
        FakeSocket young = new FakeSocket("young");
        Lease first = presence.attach(old, identity());
        Lease second = presence.attach(young, identity());
        assertThat(second.epoch()).isGreaterThan(first.epoch());
        assertThat(old.closes).containsExactly("1008 REPLACED by a newer connection of this host");
        assertThat(presence.lease(old))
                .as("it may not speak for the host any more")
                .isEmpty();
        assertThat(presence.detach(old)).isEmpty();
        assertThat(presence.host(host)).contains(second);
        assertThat(presence.detach(young)).contains(second);
        assertThat(presence.host(host)).isEmpty();
        assertThat(heard).doesNotContain("cloned");
    }

    @Test
    void however_comings_and_goings_cross_the_host_is_there_as_long_as_a_socket_of_it_is() {
        Random random = new Random(1);
        List<FakeSocket> open = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            if (open.isEmpty() || random.nextBoolean()) {
                FakeSocket next = new FakeSocket("s" + i);
                next.answers = random.nextInt(4) == 0;
                try {
                    presence.attach(next, identity());
                    open.add(next);
                } catch (StreamException e) {
                    assertThat(e.code()).isEqualTo(PresenceError.CLONED_IDENTITY);
                }
            } else {
                FakeSocket gone = open.remove(random.nextInt(open.size()));
                gone.open = false;
                presence.detach(gone);
            }
            assertThat(presence.host(host).isPresent()).isEqualTo(open.stream().anyMatch(socket -> socket.open));
        }
    }

    @Test
    void of_two_machines_with_one_identity_the_newer_wins_the_older_is_told_and_there_is_no_flip_flop() {
        FakeSocket older = new FakeSocket("older");
        FakeSocket newer = new FakeSocket("newer");
        presence.attach(older, identity());
        Lease winner = presence.attach(newer, identity());
        assertThat(older.closes).singleElement().asString().startsWith("1008 CLONED_IDENTITY");
        assertThat(heard).containsOnlyOnce("cloned");
        for (int i = 0; i < 100; i++) {
            clock.advance(Duration.ofSeconds(30)); // for as long as it likes
            FakeSocket again = new FakeSocket("again" + i);
            assertThatThrownBy(() -> presence.attach(again, identity()))
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(PresenceError.CLONED_IDENTITY));
        }
        assertThat(newer.closes).isEmpty();
        assertThat(presence.host(host)).contains(winner);
        assertThat(heard).containsOnlyOnce("cloned");
        presence.detach(newer);
        assertThat(presence.attach(new FakeSocket("free"), identity())).isNotNull();
    }

    @Test
    void a_host_that_comes_again_while_its_old_line_is_being_closed_is_no_clone() {
        FakeSocket old = new FakeSocket("old");
        presence.attach(old, identity());
        old.whenAsked = () -> {
            old.open = false;
            presence.detach(old);
        };
        presence.attach(new FakeSocket("new"), identity());
        assertThat(heard).doesNotContain("cloned");
        assertThat(presence.host(host)).isPresent();
    }

    @Test
    void a_host_that_said_that_it_moves_is_no_clone_of_itself_and_who_comes_after_that_is() {
        FakeSocket old = new FakeSocket("old");
        FakeSocket next = new FakeSocket("next");
        presence.attach(old, identity());
        presence.attach(old, identity().moved());
        presence.attach(next, identity());
        assertThat(heard).doesNotContain("cloned");
        assertThat(old.closes).singleElement().asString().startsWith("1008 REPLACED");
        presence.attach(new FakeSocket("stranger"), identity());
        assertThat(heard).containsOnlyOnce("cloned");
    }

    @Test
    void it_is_heard_too_if_it_said_so_just_before_it_came() {
        FakeSocket old = new FakeSocket("old");
        presence.attach(old, identity());
        old.whenAsked = () -> presence.attach(old, identity().moved());
        presence.attach(new FakeSocket("next"), identity());
        assertThat(heard).doesNotContain("cloned");
    }

    @Test
    void a_host_that_comes_with_its_next_certificate_is_no_clone_of_itself() {
        FakeSocket old = new FakeSocket("old");
        presence.attach(old, identity(1));
        presence.attach(old, identity(1).renewed());
        presence.attach(new FakeSocket("new"), identity(2));
        assertThat(heard).doesNotContain("cloned");
        assertThat(old.closes).singleElement().asString().startsWith("1008 REPLACED");
    }

    @Test
    void a_socket_that_vanished_without_a_word_holds_no_lease() {
        FakeSocket vanished = new FakeSocket("vanished");
        presence.attach(vanished, identity());
        vanished.open = false;
        assertThat(presence.host(host)).isEmpty();
        assertThat(presence.hosts()).isEmpty();
        assertThat(heard).containsExactly("changed", "changed");
    }

    @Test
    void a_client_that_shows_a_newer_token_keeps_its_epoch_and_hears_by_its_new_rights() {
        FakeSocket socket = new FakeSocket("client");
        UserId user = UserId.next();
        Lease lease = presence.attach(socket, client(user, Set.of(org), Set.of()));
        assertThat(presence.send(new Audience.Members(org), new Signal.Ready(1)))
                .isTrue();
        assertThat(presence.attach(socket, client(user, Set.of(), Set.of())).epoch())
                .isEqualTo(lease.epoch());
        assertThat(presence.send(new Audience.Members(org), new Signal.Ready(2)))
                .isFalse();
        assertThat(presence.send(new Audience.User(user), new Signal.Ready(3))).isTrue();
        assertThat(socket.sent).containsExactly(new Signal.Ready(1), new Signal.Ready(3));
    }

    @Test
    void only_changes_are_told() {
        FakeSocket member = new FakeSocket("member");
        presence.attach(new FakeSocket("host"), identity());
        presence.attach(member, client(UserId.next(), Set.of(org), Set.of()));
        assertThat(presence.publish(org, status("ONLINE", 10, 0))).isTrue();
        assertThat(presence.publish(org, status("ONLINE", 10, 0))).isFalse();
        assertThat(presence.publish(org, status("ONLINE", 14.9, 0))).isFalse();
        assertThat(presence.publish(org, status("ONLINE", 15, 0))).isTrue();
        assertThat(presence.publish(org, status("ONLINE", 15, 1))).isTrue();
        assertThat(presence.publish(org, status("BUSY", 15, 1))).isTrue();
        assertThat(member.sent).hasSize(4);
    }

    @Test
    void guests_hear_the_state_of_a_host_and_nothing_else() {
        FakeSocket guest = new FakeSocket("guest");
        presence.attach(new FakeSocket("host"), identity());
        presence.attach(guest, client(UserId.next(), Set.of(), Set.of(org)));
        presence.publish(org, status("ONLINE", 10, 0));
        presence.publish(org, status("ONLINE", 90, 3));
        assertThat(guest.sent)
                .containsExactly(new Signal.HostStatus(
                        host,
                        "ONLINE",
                        null,
                        0,
                        clock.instant(),
                        null,
                        new Signal.HostLabel(org, "gpu-1", null, null, null)));
        presence.publish(org, status("BUSY", 90, 3));
        assertThat(guest.sent).hasSize(2);
    }

    @Test
    void what_was_said_before_a_client_came_is_kept_for_it_until_it_is_forgotten() {
        UserId user = UserId.next();
        SessionId session = SessionId.next();
        presence.sendAndKeep(user, session, new Signal.Ready(1));
        presence.sendAndKeep(user, session, new Signal.Ready(2));
        presence.sendAndKeep(UserId.next(), SessionId.next(), new Signal.Ready(3));
        assertThat(presence.kept(user)).containsExactly(new Signal.Ready(2));
        presence.forget(session);
        assertThat(presence.kept(user)).isEmpty();
    }
}
