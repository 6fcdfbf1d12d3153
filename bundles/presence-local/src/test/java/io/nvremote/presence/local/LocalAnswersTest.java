// SPDX-License-Identifier: Apache-2.0
package io.nvremote.presence.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.HostId;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.presence.PendingAnswers;
import io.nvremote.presence.PresenceError;
import io.nvremote.signaling.Signal;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LocalAnswersTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final LocalAnswers answers = new LocalAnswers();
    private final SessionId session = SessionId.next();
    private final HostId host = HostId.next();
    private final Signal.SessionAnswer ready = new Signal.SessionAnswer(
            session, TunnelPublicKey.parse("A".repeat(42) + "E="), Signal.AnswerStatus.READY, null);

    @Test
    void the_first_answer_of_the_host_that_was_asked_is_the_answer() {
        try (PendingAnswers.Question asked = answers.ask(session, host)) {
            assertThat(answers.answered(HostId.next(), ready))
                    .as("another host")
                    .isFalse();
            assertThat(answers.answered(host, ready)).isTrue();
            assertThat(answers.answered(host, ready)).as("again").isFalse();
            assertThat(asked.await(LONG)).isEqualTo(ready);
        }
        assertThat(answers.answered(host, ready)).as("nobody waits").isFalse();
    }

    @Test
    void who_will_get_no_answer_is_told_at_once() {
        try (PendingAnswers.Question asked = answers.ask(session, host)) {
            answers.gone(host);
            assertCode(PresenceError.PEER_GONE, asked, LONG);
        }
        try (PendingAnswers.Question asked = answers.ask(session, host)) {
            answers.fail(session, new StreamException(PresenceError.CLONED_IDENTITY, "why"));
            assertCode(PresenceError.CLONED_IDENTITY, asked, LONG);
        }
        try (PendingAnswers.Question asked = answers.ask(session, host)) {
            assertCode(PresenceError.NO_ANSWER, asked, Duration.ofMillis(1));
        }
    }

    private static void assertCode(ErrorCode code, PendingAnswers.Question asked, Duration patience) {
        assertThatThrownBy(() -> asked.await(patience))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
