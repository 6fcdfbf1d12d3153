// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.postgres.AuditSchema;
import io.nvremote.audit.postgres.PostgresAudit;
import io.nvremote.auth.AuthError;
import io.nvremote.auth.SignInEntry;
import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.directory.Identity;
import io.nvremote.directory.postgres.DirectorySchema;
import io.nvremote.directory.postgres.PostgresDirectory;
import io.nvremote.store.postgres.TestDatabase;
import java.net.InetAddress;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestDatabase.Once.class)
@TestDatabase.With({AuthSchema.class, AuditSchema.class, DirectorySchema.class})
class RefreshTokensTest {

    private static final Actor HERE = Actor.anonymous(InetAddress.ofLiteral("198.51.100.7"), "a client");

    private final TestDatabase database;
    private final RefreshTokens tokens;
    private final UserId user;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    RefreshTokensTest(TestDatabase database) {
        this.database = database;
        AuditTrail audit = new PostgresAudit(database.store(), Clock.system());
        tokens = new RefreshTokens(database.store(), audit, new Successors(DerivedKey.of(new byte[32], "test")));
        String subject = UUID.randomUUID().toString();
        user = new PostgresDirectory(database.store(), audit, Clock.system())
                .signIn(new Identity("https://issuer", subject, "a@example.org", true, "A", null), Actor.SYSTEM)
                .id();
    }

    private Optional<UserId> owner(UUID signIn) {
        return Optional.ofNullable(tokens.owners(Set.of(signIn)).get(signIn));
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void a_rotation_under_way_does_not_survive_a_sign_out() throws Exception {
        RefreshTokens.Fresh first = begin();
        whileRotating(first.token(), () -> tokens.end(first.token(), Actor.SYSTEM));
        assertThat(owner(first.signIn())).isEmpty();
    }

    @Test
    void a_rotation_under_way_does_not_survive_the_detection_of_a_theft() throws Exception {
        RefreshTokens.Fresh first = begin();
        RefreshTokens.Fresh second = rotate(first.token());
        whileRotating(second.token(), () -> assertCode(AuthError.REFRESH_REUSED, () -> rotate(first.token())));
        assertThat(owner(first.signIn())).isEmpty();
    }

    @Test
    void a_rotation_under_way_does_not_survive_a_revocation() throws Exception {
        RefreshTokens.Fresh first = begin();
        whileRotating(first.token(), () -> tokens.revoke(first.signIn(), "test", Actor.SYSTEM));
        assertThat(owner(first.signIn())).isEmpty();
    }

    @Test
    void of_many_who_show_one_token_one_is_served_and_then_the_sign_in_is_over() throws Exception {
        RefreshTokens.Fresh first = begin();
        CountDownLatch together = new CountDownLatch(1);
        Callable<Boolean> one = () -> {
            together.await();
            try {
                rotate(first.token());
                return true;
            } catch (StreamException e) {
                assertThat(e.code()).isEqualTo(AuthError.REFRESH_REUSED);
                return false;
            }
        };
        List<Future<Boolean>> all =
                Stream.generate(() -> threads.submit(one)).limit(12).toList();
        together.countDown();
        int served = 0;
        for (Future<Boolean> each : all) {
            served += each.get() ? 1 : 0;
        }
        assertThat(served).isEqualTo(1);
        assertThat(owner(first.signIn())).isEmpty();
    }

    @Test
    void a_token_that_is_unknown_or_revoked_is_refused_as_such() {
        assertCode(AuthError.REFRESH_INVALID, () -> rotate(new Secret("x".repeat(43))));
        assertCode(AuthError.REFRESH_INVALID, () -> rotate(new Secret("short")));
        RefreshTokens.Fresh ended = begin();
        tokens.end(ended.token(), Actor.SYSTEM);
        assertCode(AuthError.REFRESH_INVALID, () -> rotate(ended.token()));
    }

    @Test
    void who_lost_the_answer_gets_it_again_by_the_same_attempt_and_nobody_else_does() {
        Secret attempt = new Secret("a".repeat(43));
        RefreshTokens.Fresh first = begin();
        RefreshTokens.Fresh answer = rotate(first.token(), attempt);
        assertThat(rotate(first.token(), attempt)).isEqualTo(answer);
        assertThat(rotate(first.token(), attempt)).isEqualTo(answer);
        RefreshTokens.Fresh next = rotate(answer.token(), new Secret("b".repeat(43)));
        assertThat(owner(first.signIn())).contains(user);

        assertCode(AuthError.REFRESH_REUSED, () -> rotate(first.token(), attempt));
        assertThat(owner(first.signIn())).as("the successor was spent").isEmpty();
        assertCode(AuthError.REFRESH_INVALID, () -> rotate(next.token()));
    }

    @Test
    void another_attempt_is_a_theft() {
        RefreshTokens.Fresh first = begin();
        rotate(first.token(), new Secret("a".repeat(43)));
        assertCode(AuthError.REFRESH_REUSED, () -> rotate(first.token(), new Secret("b".repeat(43))));
        assertThat(owner(first.signIn())).isEmpty();
    }

    @Test
    void an_attempt_is_good_for_two_minutes() {
        Secret attempt = new Secret("a".repeat(43));
        RefreshTokens.Fresh first = begin();
        rotate(first.token(), attempt);
        database.asOwner("UPDATE refresh_tokens SET created_at = created_at - interval '2 minutes 1 second'"
                + " WHERE family_id = '" + first.signIn() + "'");
        assertCode(AuthError.REFRESH_REUSED, () -> rotate(first.token(), attempt));
    }

    private RefreshTokens.Fresh begin() {
        return tokens.begin(user, UUID.randomUUID(), HERE);
    }

    private RefreshTokens.Fresh rotate(Secret token) {
        return rotate(token, null);
    }

    private RefreshTokens.Fresh rotate(Secret token, @Nullable Secret attempt) {
        return tokens.rotate(token, attempt, Actor.SYSTEM).orThrow();
    }

    /**
     * Holds the audit chain that every rotation writes to, so that a rotation stands still after it has made the next token;
     * runs the other call beside it and lets both go on when both wait.
     */
    private void whileRotating(Secret token, Runnable other) throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Future<?> holder = threads.submit(() -> database.store().within(AuditTrail.SYSTEM, connection -> {
            try (PreparedStatement lock =
                    connection.prepareStatement("SELECT 1 FROM audit_heads WHERE org_id = ? FOR UPDATE")) {
                lock.setObject(1, AuditTrail.SYSTEM.value());
                lock.executeQuery();
            }
            held.countDown();
            await(go);
            return true;
        }));
        held.await();
        Future<?> rotation = threads.submit(() -> {
            try {
                rotate(token);
            } catch (StreamException e) {
                // A call that waits for long is begun anew, so that the other may come before it: then it is refused.
                assertThat(e.code()).isIn(AuthError.REFRESH_INVALID, AuthError.REFRESH_REUSED);
            }
        });
        untilWaiting(1);
        Future<?> beside = threads.submit(other);
        untilWaiting(2);
        go.countDown();
        holder.get();
        rotation.get();
        beside.get();
    }

    private void untilWaiting(int transactions) {
        while (waiting() < transactions) {
            Clock.system().sleep(Duration.ofMillis(5));
        }
    }

    private int waiting() {
        return database.store().global(connection -> {
            try (PreparedStatement query = connection.prepareStatement(
                            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'");
                    ResultSet rows = query.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void assertCode(AuthError code, Runnable call) {
        Consumer<StreamException> same = e -> assertThat(e.code()).isEqualTo(code);
        assertThatThrownBy(call::run).isInstanceOfSatisfying(StreamException.class, same);
    }

    @Test
    void whose_many_sign_ins_are_is_one_exchange_with_the_database() {
        RefreshTokens.Fresh ended = begin();
        RefreshTokens.Fresh rotated = begin();
        rotate(rotated.token());
        tokens.revoke(ended.signIn(), "test", Actor.SYSTEM);
        Set<UUID> asked = new HashSet<>(Set.of(ended.signIn(), rotated.signIn(), UUID.randomUUID()));
        for (int i = 0; i < 50; i++) {
            asked.add(begin().signIn());
        }
        long before = database.exchanges();
        Map<UUID, UserId> owners = tokens.owners(asked);
        assertThat(database.exchanges() - before).isEqualTo(1);
        assertThat(owners).hasSize(51).containsKey(rotated.signIn()).doesNotContainKey(ended.signIn());
        assertThat(owners.values()).containsOnly(user);
    }

    private UserId somebodyElse() {
        return new PostgresDirectory(
                        database.store(), new PostgresAudit(database.store(), Clock.system()), Clock.system())
                .signIn(
                        new Identity("https://issuer", UUID.randomUUID().toString(), "b@example.org", true, "B", null),
                        Actor.SYSTEM)
                .id();
    }

    @Test
    void a_user_sees_the_own_living_sign_ins_and_where_they_were_used_last() {
        RefreshTokens.Fresh kept = begin();
        RefreshTokens.Fresh moved = begin();
        Actor there = Actor.anonymous(InetAddress.ofLiteral("2001:db8::7"), null);
        tokens.rotate(moved.token(), null, there).orThrow();
        tokens.revoke(begin().signIn(), "test", Actor.SYSTEM);
        tokens.begin(somebodyElse(), UUID.randomUUID(), HERE);
        List<SignInEntry> all = new ArrayList<>();
        for (UUID after = null; all.size() < 2; after = all.getLast().id()) {
            all.addAll(tokens.of(user, after, 1)); // page by page
        }
        assertThat(tokens.of(user, null, 100)).isEqualTo(all);
        assertThat(all).extracting(SignInEntry::id).containsExactlyInAnyOrder(kept.signIn(), moved.signIn());
        SignInEntry first = entry(all, kept);
        assertThat(first.address() + " " + first.agent()).isEqualTo("198.51.100.7 a client");
        assertThat(first.usedAt()).isEqualTo(first.since());
        assertThat(Duration.between(first.usedAt(), first.expiresAt())).isEqualTo(RefreshTokens.LIFETIME);
        SignInEntry second = entry(all, moved);
        assertThat(second.address() + " " + second.agent()).isEqualTo("2001:db8::7 null");
        assertThat(second.usedAt()).isAfter(second.since());
    }

    private static SignInEntry entry(List<SignInEntry> all, RefreshTokens.Fresh of) {
        return all.stream()
                .filter(one -> one.id().equals(of.signIn()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_user_ends_a_sign_in_of_the_own_and_no_other() {
        RefreshTokens.Fresh mine = begin();
        UserId other = somebodyElse();
        assertThat(tokens.end(other, mine.signIn(), Actor.SYSTEM)).isFalse();
        assertThat(owner(mine.signIn())).contains(user);
        assertThat(tokens.end(user, mine.signIn(), Actor.SYSTEM)).isTrue();
        assertThat(owner(mine.signIn())).isEmpty();
        assertThat(tokens.end(user, mine.signIn(), Actor.SYSTEM)).isFalse();
        assertCode(AuthError.REFRESH_INVALID, () -> rotate(mine.token()));
    }

    @Test
    void a_rotation_under_way_does_not_survive_that_its_user_ends_it() throws Exception {
        RefreshTokens.Fresh first = begin();
        whileRotating(first.token(), () -> tokens.end(user, first.signIn(), Actor.SYSTEM));
        assertThat(owner(first.signIn())).isEmpty();
    }
}
