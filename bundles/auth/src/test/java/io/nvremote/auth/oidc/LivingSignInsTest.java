// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.auth.SignIn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LivingSignInsTest {

    private final LivingSignIns living = new LivingSignIns();
    private final List<Set<UUID>> questions = new ArrayList<>();

    /** What the database says, and that it was asked. */
    private UnaryOperator<Set<UUID>> database(Set<UUID> live) {
        return asked -> {
            questions.add(Set.copyOf(asked));
            Set<UUID> found = new HashSet<>(asked);
            found.retainAll(live);
            return found;
        };
    }

    private static Set<UUID> some(int count) {
        return Stream.generate(UUID::randomUUID).limit(count).collect(Collectors.toUnmodifiableSet());
    }

    @Test
    void many_are_one_question_and_none_while_they_are_known() {
        Set<UUID> many = some(1000);
        assertThat(living.active(many, 0, database(many))).isEqualTo(many);
        assertThat(questions).containsExactly(many);
        assertThat(living.active(many, SignIn.KNOWN_FOR.toNanos() - 1, database(Set.of())))
                .isEqualTo(many);
        assertThat(questions).hasSize(1);
    }

    @Test
    void only_those_are_asked_for_of_which_too_little_is_known() {
        Set<UUID> known = some(3);
        living.active(known, 0, database(known));
        Set<UUID> fresh = some(2);
        Set<UUID> both = new HashSet<>(known);
        both.addAll(fresh);
        assertThat(living.active(both, 1, database(both))).isEqualTo(both);
        assertThat(questions.getLast()).isEqualTo(fresh);
    }

    @Test
    void what_is_over_is_told_once_and_never_asked_for_again() {
        List<UUID> told = new ArrayList<>();
        Set<UUID> over = some(2);
        Set<UUID> live = some(2);
        Set<UUID> all = new HashSet<>(over);
        all.addAll(live);
        try (var _ = living.listen(told::add)) {
            assertThat(living.active(all, 0, database(live))).isEqualTo(live);
            long later = SignIn.KNOWN_FOR.toNanos();
            assertThat(living.active(all, later, database(all))).isEqualTo(live);
        }
        assertThat(told).containsExactlyInAnyOrderElementsOf(over);
        assertThat(questions.getLast()).isEqualTo(live);
    }

    @Test
    void an_end_that_is_known_wins_over_what_the_database_said_before_it() {
        UUID signIn = UUID.randomUUID();
        assertThat(living.active(Set.of(signIn), 0, asked -> {
                    living.ended(signIn, 0);
                    return asked;
                }))
                .isEmpty();
    }
}
