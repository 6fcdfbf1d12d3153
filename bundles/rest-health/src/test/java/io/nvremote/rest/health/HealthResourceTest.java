// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.auth.AccessTokens;
import io.nvremote.directory.CertificateAuthority;
import io.nvremote.rest.Problem;
import io.nvremote.runtime.FailedPart;
import io.nvremote.store.Store;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code /readyz} says of each part; the parts say one thing each here, the real ones are asked in {@code tests/control-plane}. */
class HealthResourceTest {

    private static HealthResource asked(boolean ready, Optional<String> waitingFor, String keySet, String root) {
        return new HealthResource(
                says(Store.class, Map.of("ready", ready, "waitingFor", waitingFor)),
                says(AccessTokens.class, Map.of("keySet", keySet)),
                says(CertificateAuthority.class, Map.of("rootPem", root)));
    }

    private static <T> T says(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answers.get(method.getName())));
    }

    @Test
    void a_store_that_waits_for_somebodys_tables_says_whose() {
        String sentence = "the store waits for the tables of these bundles: [io.nvremote.audit]";
        HealthResource.Readiness readiness =
                asked(false, Optional.of(sentence), "{}", "pem").readiness();
        assertThat(readiness.status()).isEqualTo(503);
        assertThat(readiness.body()).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.error().code()).isEqualTo("UNAVAILABLE");
            assertThat(problem.error().message()).isEqualTo(sentence);
            assertThat(problem.error().details()).containsEntry("database", "unavailable");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "false, {}, pem, the database does not answer",
        "true, '', pem, the signing keys are missing",
        "true, {}, '', the signing keys are missing"
    })
    void what_is_missing_is_said(boolean ready, String keySet, String root, String sentence) {
        HealthResource.Readiness readiness =
                asked(ready, Optional.empty(), keySet, root).readiness();
        assertThat(readiness.status()).isEqualTo(503);
        assertThat(readiness.body()).isInstanceOfSatisfying(Problem.class, problem -> assertThat(
                        problem.error().message())
                .isEqualTo(sentence));
    }

    @ParameterizedTest
    @CsvSource({"true, true, UNAVAILABLE", "true, false, INVALID_CONFIGURATION", "false, false, INVALID_CONFIGURATION"})
    void a_part_that_is_slow_is_waited_for_and_one_that_failed_is_not(boolean first, boolean second, String code) {
        HealthResource.Readiness readiness = Objects.requireNonNull(HealthResource.lacking(
                () -> List.of(new FailedPart("a.Part", "why", first), new FailedPart("b.Part", "why", second))));
        assertThat(readiness.status()).isEqualTo(503);
        assertThat(readiness.body()).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.error().code()).isEqualTo(code);
            assertThat(problem.error().details())
                    .containsEntry("a.Part", first ? "starting" : "failed")
                    .containsEntry("b.Part", second ? "starting" : "failed");
        });
    }

    @Test
    void with_database_and_keys_it_is_ready() {
        assertThat(asked(true, Optional.empty(), "{}", "pem").readiness().status())
                .isEqualTo(200);
    }
}
