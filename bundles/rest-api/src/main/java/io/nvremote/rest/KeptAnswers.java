// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What became of requests that named themselves by an {@code Idempotency-Key} (draft-ietf-httpapi-idempotency-key-header): each is
 * done once, and whoever repeats it gets the answer of then. A service. Safe for any thread; a call blocks its own.
 *
 * <p>Of one caller's requests with one key, a single one is between {@link #begin} and {@link #keep} or {@link #release} at a time,
 * over all processes of the control plane. One that never came so far, since its process was killed, is not done again: nobody
 * knows how far it came.
 */
@ProviderType
public interface KeptAnswers {

    /** How long an answer is kept, from the beginning of its request. */
    Duration KEPT = Duration.ofHours(24);

    /** How long a request may take. One that began before and has no answer is lost. */
    Duration LONGEST = Duration.ofMinutes(2);

    /**
     * A request that has a key.
     *
     * @param caller whose key it is: others have others of the same text
     * @param key as the header has it
     * @param request a hash of everything else that the request asks
     * @param repeatable whether the operation itself gives the same for the same key: done again, it does no harm
     */
    record Keyed(String caller, String key, String request, boolean repeatable) {}

    /**
     * What was answered.
     *
     * @param status the HTTP status, below 400
     * @param location of the header {@code Location}
     * @param body JSON; null if there was none
     */
    record Answer(
            int status, @Nullable String location, @Nullable String body) {}

    /**
     * Says that the request is about to be done.
     *
     * @return the answer that it got before; null where it is to be done, after which the caller says {@link #keep} or
     *     {@link #release}. A request that is {@code repeatable} is always to be done
     * @throws io.nvremote.core.StreamException {@code IDEMPOTENCY_KEY_REUSED} if the key named another request,
     *     {@code IDEMPOTENCY_KEY_IN_FLIGHT} if the same one is being done, {@code IDEMPOTENCY_OUTCOME_UNKNOWN} if it was begun and
     *     nobody knows what became of it, {@code IDEMPOTENCY_KEYS_EXHAUSTED} if the caller has too many; as the store throws
     */
    @Nullable
    Answer begin(Keyed request);

    /** It was done, and answered so. Of a {@code repeatable} one no answer is kept. */
    void keep(Keyed request, Answer answer);

    /** It was refused: the key is free again. */
    void release(Keyed request);
}
