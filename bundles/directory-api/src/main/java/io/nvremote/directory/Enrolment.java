// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory;

import io.nvremote.core.Actor;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.Secret;
import io.nvremote.core.UserId;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * How a machine becomes a host of an organisation, and stays one. A service.
 *
 * <p><b>Threads.</b> Safe for any thread; calls block on the database.
 */
@ProviderType
public interface Enrolment {

    /** What every bootstrap token begins with; 43 characters of base64url (256 bits) follow. */
    String PREFIX = "nvs_bootstrap_";

    /** The longest that a bootstrap token may live. */
    Duration TOKEN_LIFE = Duration.ofHours(24);

    /** How long one lives that is made for a machine at hand. */
    Duration SHORT_TOKEN_LIFE = Duration.ofMinutes(15);

    /**
     * Makes a token that enrols one host into the organisation. Its text exists in the answer only; the database has its
     * SHA-256.
     *
     * @throws io.nvremote.core.StreamException {@link DirectoryError#TOKEN_LIFE_REFUSED}, {@link DirectoryError#NAME_REFUSED}
     */
    BootstrapToken issue(OrgId org, UserId creator, TokenTerms terms, Actor actor);

    /** The same for any machine. */
    default BootstrapToken issue(OrgId org, UserId creator, Duration life, Actor actor) {
        return issue(org, creator, TokenTerms.of(life), actor);
    }

    /**
     * The organisation's tokens, the oldest first.
     *
     * @param after only those behind this one; null: from the first
     */
    List<TokenEntry> tokens(OrgId org, @Nullable UUID after, int limit);

    /**
     * Takes an unused token back: nobody enrols with it any more.
     *
     * @throws io.nvremote.core.StreamException {@link DirectoryError#TOKEN_UNKNOWN}
     */
    void revokeToken(OrgId org, UUID token, Actor actor);

    /**
     * Spends a token: of any number of racers with one token exactly one becomes a host. A request that can't be signed
     * does not spend it. Refusals are audited while they are few; a flood of them is counted.
     *
     * @param org the organisation that the request named; must be the token's
     * @throws io.nvremote.core.StreamException {@link DirectoryError#TOKEN_REFUSED} (unknown, expired, spent, revoked, another
     *     organisation's, or for another machine: the caller can't tell which), {@link DirectoryError#CSR_REFUSED}, {@link DirectoryError#NAME_REFUSED};
     *     {@link io.nvremote.core.CoreError#TOO_MANY_REQUESTS} for an address that asks or fails too often
     */
    Enrolled redeem(OrgId org, Secret token, HostApplication application, Actor actor);

    /**
     * Issues the host's next certificate; the present one stays valid to its end.
     *
     * @throws io.nvremote.core.StreamException {@link DirectoryError#HOST_UNKNOWN}, {@link DirectoryError#CSR_REFUSED},
     *     {@link DirectoryError#CERTIFICATES_FULL} (8 are valid now)
     */
    Enrolled renew(OrgId org, HostId host, String csrPem, Actor actor);

    /**
     * Gives a host that slept past its certificate the next one, by proof of its old key. The request must be signed with the key
     * of the certificate, which must be of our authority, in the table, not revoked, the newest that the host has shown, and
     * expired no longer ago than the grace that the admin set. Refusals are audited while they are few.
     *
     * @param certificatePem the host's certificate, expired or not
     * @throws io.nvremote.core.StreamException {@link DirectoryError#CERTIFICATE_FOREIGN}, {@link DirectoryError#KEY_NOT_PROVEN},
     *     {@link DirectoryError#CERTIFICATE_REVOKED}, {@link DirectoryError#CERTIFICATE_SUPERSEDED},
     *     {@link DirectoryError#GRACE_OVER}, {@link DirectoryError#DATABASE_RESTORED}: final, until somebody does what they say;
     *     {@link DirectoryError#CSR_REFUSED}, {@link DirectoryError#CERTIFICATES_FULL};
     *     {@link io.nvremote.core.CoreError#TOO_MANY_REQUESTS} for an address that asks or fails too often
     */
    Enrolled comeBack(String certificatePem, String csrPem, Actor actor);

    /**
     * What a host certificate's serial number stands for now, for a socket that shows it; the TLS layer has checked the chain
     * already. That it was shown is noted once: those before it can't come back any more.
     */
    Standing standing(BigInteger serial);

    /** The same for many at once, as for all open sockets. Never issued ones are missing. */
    Map<BigInteger, Standing> standings(Set<BigInteger> serials);

    /** Those of the hosts that are still there and have a certificate that was not revoked. */
    Set<HostId> trusted(Set<HostId> hosts);

    /** Revokes all certificates of a host; {@link #standing} says so at once. Returns how many were valid. */
    int revoke(OrgId org, HostId host, String reason, Actor actor);

    /** What a certificate stands for. */
    sealed interface Standing {

        /** A host's valid certificate. */
        record Valid(OrgId org, HostId host, Instant expiresAt) implements Standing {}

        /** A host's certificate that was revoked or has expired, or whose host is gone. */
        record Revoked(OrgId org, HostId host, String reason) implements Standing {}

        /** Never issued to a host. */
        record Unknown() implements Standing {}
    }
}
