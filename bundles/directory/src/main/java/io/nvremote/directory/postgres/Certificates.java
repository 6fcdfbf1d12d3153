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
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

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
        if (Handles.open(transaction)
                .createQuery("SELECT id FROM hosts WHERE org_id = :org AND id = :host AND deleted_at IS NULL")
                .bind("org", org.value())
                .bind("host", host.value())
                .mapTo(UUID.class)
                .findOne()
                .isEmpty()) {
            throw new StreamException(DirectoryError.HOST_UNKNOWN, "no host " + host);
        }
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

    static Standing standing(Connection transaction, BigInteger serial, Instant now) {
        if (serial.signum() <= 0 || serial.bitLength() > 160) {
            return new Standing.Unknown();
        }
        return Handles.open(transaction)
                .createQuery("SELECT * FROM certificate_of(:serial)")
                .bind("serial", serial.toString(16))
                .map((rows, context) -> standing(rows, now))
                .findOne()
                .orElseGet(Standing.Unknown::new);
    }

    static Map<BigInteger, Standing> standings(Connection transaction, Set<BigInteger> serials, Instant now) {
        Map<BigInteger, Standing> found = new HashMap<>();
        Handles.open(transaction)
                .createQuery("SELECT * FROM certificates_of(:serials)")
                .bindArray("serials", String.class, (Object[])
                        serials.stream().map(serial -> serial.toString(16)).toArray(String[]::new))
                .map((rows, context) ->
                        found.put(new BigInteger(rows.getString("serial"), 16), standing(rows, now)) == null)
                .list();
        return found;
    }

    /** Hosts that are there and have a certificate that nobody revoked, expired or not. */
    static Set<HostId> trusted(Connection transaction, Set<HostId> hosts) {
        return Set.copyOf(Handles.open(transaction)
                .createQuery("SELECT host_id FROM trusted_hosts(:hosts)")
                .bindArray("hosts", UUID.class, (Object[])
                        hosts.stream().map(HostId::value).toArray(UUID[]::new))
                .map((rows, context) -> new HostId(rows.getObject(1, UUID.class)))
                .list());
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

    static int revoke(Connection transaction, OrgId org, HostId host, String reason, Instant now) {
        return Handles.open(transaction)
                .createUpdate("""
                        UPDATE host_certificates SET revoked_at = :now, revoke_reason = :reason
                         WHERE org_id = :org AND host_id = :host AND revoked_at IS NULL AND expires_at > :now""")
                .bind("org", org.value())
                .bind("host", host.value())
                .bind("reason", reason.substring(0, Math.min(255, reason.length())))
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .execute();
    }
}
