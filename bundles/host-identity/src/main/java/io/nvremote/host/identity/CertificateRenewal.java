// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host.identity;

import io.nvremote.core.Clock;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When a host asks for its next certificate: at half of the present one's life, ten per cent sooner or later so that hosts
 * enrolled together don't all ask together, and then once a minute until there is an answer. Each request has a new key, which
 * is in memory only until it is certified. Safe for any thread.
 */
final class CertificateRenewal {

    private static final Duration AGAIN = Duration.ofMinutes(1);

    private record Asked(KeyPair keys, long nanos) {}

    private final Clock clock;
    private final double share;
    private final AtomicReference<@Nullable Asked> asked = new AtomicReference<>();

    CertificateRenewal(Clock clock, RandomGenerator random) {
        this.clock = clock;
        this.share = random.nextDouble(0.45, 0.55);
    }

    /** The request to send now, if it is time. */
    Optional<String> due(Identity mine) throws GeneralSecurityException {
        X509Certificate present = mine.certificate();
        Instant from = present.getNotBefore().toInstant();
        Duration life = Duration.between(from, present.getNotAfter().toInstant());
        Instant due = from.plusSeconds((long) (life.toSeconds() * share));
        Asked before = asked.get();
        if (clock.instant().isBefore(due) || (before != null && clock.nanos() - before.nanos() < AGAIN.toNanos())) {
            return Optional.empty();
        }
        KeyPair keys = SigningRequest.newKeys();
        asked.set(new Asked(keys, clock.nanos()));
        return Optional.of(SigningRequest.pem(keys, mine.host().toString()));
    }

    /** The identity that the answer, both in PEM, makes of the last request's key. */
    Identity certified(Identity mine, String chain, String authority) throws GeneralSecurityException {
        Asked request = asked.get();
        if (request == null) {
            throw new GeneralSecurityException("no certificate was asked for");
        }
        return Identity.certified(mine.host(), request.keys(), chain, authority);
    }
}
