// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.directory.CertificateAuthority;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.Enrolled;
import io.nvremote.directory.Enrolment.Standing;
import io.nvremote.directory.Issued;
import io.nvremote.lib.jdbi.Handles;
import io.nvremote.store.Store;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The record of every host certificate that was issued. */
final class Certificates {

    private static final int MOST_VALID = 8;

    private Certificates() {}

    static Enrolled issue(Connection transaction, CertificateAuthority authority, OrgId org, HostId host, String csr) {
        Issued issued = authority.host(org, host, csr);
        Handles.open(transaction)
                .createUpdate("""
                        INSERT INTO host_certificates (serial, org_id, host_id, issued_at, expires_at)
                        VALUES (:serial, :org, :host, :from, :until)""")
                .bind("serial", issued.serial().toString(16))
                .bind("org", org.value())
                .bind("host", host.value())
                .bind("from", issued.notBefore().atOffset(ZoneOffset.UTC))
                .bind("until", issued.notAfter().atOffset(ZoneOffset.UTC))
                .execute();
        return new Enrolled(org, host, issued.certificatePem(), authority.rootPem(), issued.notAfter());
    }

    static void requireHost(Connection transaction, OrgId org, HostId host) {
        if (!hostKnown(transaction, org, host)) {
            throw new StreamException(DirectoryError.HOST_UNKNOWN, "no host " + host);
        }
    }

    static boolean hostKnown(Connection transaction, OrgId org, HostId host) {
        return Handles.open(transaction)
                .createQuery("SELECT id FROM hosts WHERE org_id = :org AND id = :host AND deleted_at IS NULL")
                .bind("org", org.value())
                .bind("host", host.value())
                .mapTo(UUID.class)
                .findOne()
                .isPresent();
    }

    /** A host needs two certificates at once, for the change; a faulty one must not fill the table. */
    static void requireRoom(Connection transaction, OrgId org, HostId host, Instant now) {
        int valid = Handles.open(transaction)
                .createQuery("""
                        SELECT count(*) FROM host_certificates
                         WHERE org_id = :org AND host_id = :host AND revoked_at IS NULL AND expires_at > :now""")
                .bind("org", org.value())
                .bind("host", host.value())
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .mapTo(Integer.class)
                .one();
        if (valid >= MOST_VALID) {
            throw new StreamException(
                    DirectoryError.CERTIFICATES_FULL, "host " + host + " has " + valid + " valid certificates");
        }
    }

    /** @param shown whether the host has shown it before */
    record Shown(Standing standing, boolean shown) {}

    static Shown standing(Store store, BigInteger serial, Instant now) {
        if (serial.signum() <= 0 || serial.bitLength() > 160) {
            return new Shown(new Standing.Unknown(), true);
        }
        return store
                .select(
                        "SELECT * FROM certificate_of(?)",
                        List.of(serial.toString(16)),
                        rows -> new Shown(standing(rows, now), rows.getBoolean("shown")))
                .stream()
                .findFirst()
                .orElseGet(() -> new Shown(new Standing.Unknown(), true));
    }

    static void noteShown(Connection transaction, OrgId org, BigInteger serial, Instant now) {
        Handles.open(transaction)
                .createUpdate("""
                        UPDATE host_certificates SET shown_at = :now
                         WHERE org_id = :org AND serial = :serial AND shown_at IS NULL""")
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .bind("org", org.value())
                .bind("serial", serial.toString(16))
                .execute();
    }

    /** What the table says of a certificate that its host wants to come back with; null if it does not know it. */
    static KeyProof.@Nullable Entry entry(Connection transaction, KeyProof proof) {
        return Handles.open(transaction)
                .createQuery("""
                        SELECT c.expires_at, c.revoked_at, c.revoke_reason, h.deleted_at IS NOT NULL OR o.deleted_at IS NOT NULL AS gone,
                               EXISTS (SELECT 1 FROM host_certificates n
                                        WHERE n.org_id = c.org_id AND n.host_id = c.host_id AND n.issued_at > c.issued_at
                                          AND n.shown_at IS NOT NULL) AS superseded
                          FROM host_certificates c JOIN hosts h ON h.org_id = c.org_id AND h.id = c.host_id JOIN orgs o ON o.id = c.org_id
                         WHERE c.org_id = :org AND c.host_id = :host AND c.serial = :serial""")
                .bind("org", proof.org().value())
                .bind("host", proof.host().value())
                .bind("serial", proof.serial().toString(16))
                .map((rows, context) -> new KeyProof.Entry(
                        rows.getObject("expires_at", OffsetDateTime.class).toInstant(),
                        rows.getObject("revoked_at", OffsetDateTime.class) == null
                                ? null
                                : Objects.requireNonNullElse(rows.getString("revoke_reason"), "revoked"),
                        rows.getBoolean("gone"),
                        rows.getBoolean("superseded")))
                .findOne()
                .orElse(null);
    }

    static Map<BigInteger, Standing> standings(Store store, Set<BigInteger> serials, Instant now) {
        String[] texts = serials.stream().map(serial -> serial.toString(16)).toArray(String[]::new);
        return store
                .select(
                        "SELECT * FROM certificates_of(?)",
                        Collections.singletonList(texts),
                        rows -> Map.entry(new BigInteger(rows.getString("serial"), 16), standing(rows, now)))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Hosts that are there and have a certificate that nobody revoked, expired or not. */
    static Set<HostId> trusted(Store store, Set<HostId> hosts) {
        UUID[] ids = hosts.stream().map(HostId::value).toArray(UUID[]::new);
        return Set.copyOf(store.select(
                "SELECT host_id FROM trusted_hosts(?)",
                Collections.singletonList(ids),
                rows -> new HostId(rows.getObject(1, UUID.class))));
    }

    private static Standing standing(ResultSet rows, Instant now) throws SQLException {
        OrgId org = new OrgId(rows.getObject("org_id", UUID.class));
        HostId host = new HostId(rows.getObject("host_id", UUID.class));
        Instant until = rows.getObject("expires_at", OffsetDateTime.class).toInstant();
        String reason = rows.getString("revoke_reason");
        if (rows.getObject("revoked_at", OffsetDateTime.class) != null) {
            return new Standing.Revoked(org, host, reason == null ? "revoked" : reason);
        }
        if (rows.getBoolean("gone")) {
            return new Standing.Revoked(org, host, "host_deregistered");
        }
        return until.isAfter(now) ? new Standing.Valid(org, host, until) : new Standing.Revoked(org, host, "expired");
    }

    /** Those that have expired, too: none of them is to come back. How many were revoked, and how many of these were valid. */
    record Revoked(int all, int valid) {}

    static Revoked revoke(Connection transaction, OrgId org, HostId host, String reason, Instant now) {
        List<Boolean> valid = Handles.open(transaction)
                .createQuery("""
                        UPDATE host_certificates SET revoked_at = :now, revoke_reason = :reason
                         WHERE org_id = :org AND host_id = :host AND revoked_at IS NULL RETURNING expires_at > :now""")
                .bind("org", org.value())
                .bind("host", host.value())
                .bind("reason", reason.substring(0, Math.min(255, reason.length())))
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .mapTo(Boolean.class)
                .list();
        return new Revoked(
                valid.size(), (int) valid.stream().filter(each -> each).count());
    }
}
