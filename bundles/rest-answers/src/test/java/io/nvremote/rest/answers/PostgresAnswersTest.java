// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.answers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.StreamException;
import io.nvremote.keys.SharedKeys;
import io.nvremote.rest.KeptAnswers.Answer;
import io.nvremote.rest.KeptAnswers.Keyed;
import io.nvremote.rest.RestError;
import io.nvremote.store.postgres.TestDatabase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Which requests are done, and what those that are not are told. */
@ExtendWith(TestDatabase.Once.class)
@TestDatabase.With(AnswersSchema.class)
class PostgresAnswersTest {

    static final List<Answer> ANSWERS = List.of(
            new Answer(204, null, null),
            new Answer(200, null, ""),
            new Answer(201, "/api/v1/orgs/ä", "{\"token\":\"sécret-\uD83D\uDE00\"}"),
            new Answer(201, null, "{\"a\":\"" + "x".repeat(200_000) + "\"}"));

    private final TestDatabase database;
    private final PostgresAnswers kept;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final String caller = "user " + UUID.randomUUID();

    PostgresAnswersTest(TestDatabase database) {
        this.database = database;
        kept = answers(1);
    }

    /** Of a control plane whose key has this in each byte. */
    private PostgresAnswers answers(int of) {
        return new PostgresAnswers(database.store(), new SharedKeys() {
            @Override
            public byte[] key(String name, Supplier<byte[]> made) {
                byte[] key = new byte[Seal.KEY_LENGTH];
                Arrays.fill(key, (byte) of);
                return key;
            }

            @Override
            public String origin(String name) {
                return name;
            }
        });
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        kept.stop();
    }

    private Keyed asked(String key) {
        return new Keyed(caller, key, "POST /x {}", false);
    }

    private void assertCode(RestError code, Keyed request) {
        assertThatThrownBy(() -> kept.begin(request))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private void begunAgo(String interval) {
        database.asOwner("UPDATE kept_answers SET begun_at = now() - interval '" + interval + "'");
    }

    private String rows() {
        return database.valueAsOwner("SELECT count(*) FROM kept_answers");
    }

    @ParameterizedTest
    @FieldSource("ANSWERS")
    void a_request_is_done_once_and_its_answer_given_again(Answer answer) {
        assertThat(kept.begin(asked("k"))).isNull();
        kept.keep(asked("k"), answer);
        for (int i = 0; i < 3; i++) {
            assertThat(kept.begin(asked("k"))).isEqualTo(answer);
        }
        kept.release(asked("k")); // by nobody who began it
        assertThat(kept.begin(asked("k"))).isEqualTo(answer);
    }

    @Test
    void another_request_with_the_key_is_refused_whatever_became_of_the_first() {
        Keyed other = new Keyed(caller, "k", "POST /x {1}", false);
        assertThat(kept.begin(asked("k"))).isNull();
        assertCode(RestError.IDEMPOTENCY_KEY_REUSED, other);
        kept.keep(asked("k"), ANSWERS.getFirst());
        assertCode(RestError.IDEMPOTENCY_KEY_REUSED, other);
        assertCode(RestError.IDEMPOTENCY_KEY_REUSED, new Keyed(caller, "k", "POST /x {1}", true));
    }

    @Test
    void somebody_else_s_key_of_the_same_text_is_another() {
        assertThat(kept.begin(asked("k"))).isNull();
        assertThat(kept.begin(new Keyed(caller + "0", "k", "POST /x {1}", false)))
                .isNull();
    }

    @Test
    void what_was_refused_may_be_asked_again_also_in_other_words() {
        assertThat(kept.begin(asked("k"))).isNull();
        kept.release(asked("k"));
        assertThat(kept.begin(new Keyed(caller, "k", "POST /x {1}", false))).isNull();
    }

    @Test
    void of_many_at_once_one_is_done() throws Exception {
        CountDownLatch together = new CountDownLatch(1);
        List<Future<Object>> all = new ArrayList<>();
        Callable<Object> one = () -> {
            together.await();
            try {
                return kept.begin(asked("k")) == null ? "mine" : "answered";
            } catch (StreamException e) {
                return e.code();
            }
        };
        for (int i = 0; i < 12; i++) {
            all.add(threads.submit(one));
        }
        together.countDown();
        List<Object> came = new ArrayList<>();
        for (Future<Object> each : all) {
            came.add(each.get());
        }
        assertThat(came).containsOnlyOnce("mine");
        assertThat(came.stream().filter(RestError.IDEMPOTENCY_KEY_IN_FLIGHT::equals))
                .hasSize(11);
    }

    /** A process that was killed: nobody knows how far it came, so nothing is done twice. */
    @ParameterizedTest
    @CsvSource({
        "60 s, IDEMPOTENCY_KEY_IN_FLIGHT",
        "121 s, IDEMPOTENCY_OUTCOME_UNKNOWN",
        "23 h, IDEMPOTENCY_OUTCOME_UNKNOWN"
    })
    void a_request_that_never_ended_is_not_done_again(String ago, RestError code) {
        assertThat(kept.begin(asked("k"))).isNull();
        begunAgo(ago);
        assertCode(code, asked("k"));
    }

    @Test
    void an_operation_that_gives_the_same_by_itself_is_done_again_and_its_answer_is_nowhere() {
        Keyed again = new Keyed(caller, "k", "POST /sessions {}", true);
        assertThat(kept.begin(again)).isNull();
        assertCode(RestError.IDEMPOTENCY_KEY_IN_FLIGHT, again);
        kept.keep(again, ANSWERS.get(2));
        assertThat(kept.begin(again)).isNull();
        assertThat(database.valueAsOwner("SELECT count(sealed) FROM kept_answers WHERE answered_at IS NOT NULL"))
                .isEqualTo("0");
        kept.release(again); // the second time it was refused
        assertCode(RestError.IDEMPOTENCY_KEY_REUSED, new Keyed(caller, "k", "POST /sessions {1}", true));
        Keyed lost = new Keyed(caller, "l", "POST /sessions {}", true);
        assertThat(kept.begin(lost)).isNull();
        begunAgo("3 min");
        assertThat(kept.begin(lost)).isNull();
    }

    @Test
    void a_day_later_the_key_is_new_and_soon_forgotten() {
        assertThat(kept.begin(asked("k"))).isNull();
        kept.keep(asked("k"), ANSWERS.getFirst());
        begunAgo("24 h 1 s");
        assertThat(kept.begin(new Keyed(caller, "k", "POST /y {}", false))).isNull();
        begunAgo("24 h 1 s");
        kept.sweep();
        assertThat(rows()).isEqualTo("0");
        assertThat(kept.begin(asked("k"))).isNull();
        begunAgo("23 h 59 min");
        kept.sweep();
        assertThat(rows()).isEqualTo("1");
    }

    @Test
    void one_caller_fills_no_table() {
        database.asOwner("INSERT INTO kept_answers (caller, key_hash, request) SELECT encode(sha256('" + caller
                + "'), 'hex'), encode(sha256(('n' || n)::bytea), 'hex'), repeat('0', 64) FROM generate_series(1, "
                + (PostgresAnswers.MOST - 1) + ") n");
        assertThat(kept.begin(asked("last"))).isNull();
        assertCode(RestError.IDEMPOTENCY_KEYS_EXHAUSTED, asked("one more"));
        assertCode(RestError.IDEMPOTENCY_KEY_IN_FLIGHT, asked("last"));
        assertThat(kept.begin(new Keyed(caller + "0", "k", "", false))).isNull();
        begunAgo("25 h");
        kept.sweep();
        assertThat(kept.begin(asked("one more"))).isNull();
    }

    @Test
    void a_copy_of_the_table_has_no_secret_and_another_key_opens_nothing() {
        Answer secret = ANSWERS.get(2);
        assertThat(kept.begin(asked("a-key-of-mine"))).isNull();
        kept.keep(asked("a-key-of-mine"), secret);
        assertThat(database.valueAsOwner("SELECT encode(sealed, 'escape') || kept_answers::text FROM kept_answers"
                        + " WHERE caller = encode(sha256('" + caller + "'), 'hex')"))
                .doesNotContain("token", "cret", "a-key-of-mine", caller);
        PostgresAnswers other = answers(2);
        assertThatThrownBy(() -> other.begin(asked("a-key-of-mine")))
                .isInstanceOfSatisfying(StreamException.class, e -> assertThat(e.code())
                        .isEqualTo(RestError.IDEMPOTENCY_OUTCOME_UNKNOWN));
        other.stop();
        // Moved to another row, it opens no more than anything else that was not sealed for it.
        assertThat(kept.begin(asked("b"))).isNull();
        kept.keep(asked("b"), ANSWERS.getFirst());
        database.asOwner(
                "UPDATE kept_answers SET sealed = (SELECT sealed FROM kept_answers WHERE key_hash = encode(sha256("
                        + "'a-key-of-mine'), 'hex')) WHERE key_hash = encode(sha256('b'), 'hex')");
        assertCode(RestError.IDEMPOTENCY_OUTCOME_UNKNOWN, asked("b"));
    }
}
