// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import io.nvremote.core.Actor;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.directory.AddressBlock;
import io.nvremote.directory.BootstrapToken;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.Enrolment;
import io.nvremote.directory.TokenEntry;
import io.nvremote.directory.TokenTerms;
import io.nvremote.lib.jdbi.Handles;
import io.nvremote.lib.tokens.SecureTokens;
import io.nvremote.store.Store;
import java.net.InetAddress;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Bootstrap tokens: 256 random bits, known to the database by their SHA-256 only. */
final class Tokens {

    private static final UUID FIRST = new UUID(0, 0);
    private static final String LIST = """
            SELECT id, hostname, text(network) AS network, created_by, created_at, expires_at, used_by_host, revoked_at
              FROM bootstrap_tokens WHERE org_id = ? AND id > ? ORDER BY id LIMIT ?""";

    private Tokens() {}

    static Secret fresh() {
        return new Secret(Enrolment.PREFIX + SecureTokens.text());
    }

    /** Who shows a token: what it says of its name, and where it asks from. */
    record Machine(String hostname, @Nullable InetAddress address) {}

    static void insert(Connection transaction, BootstrapToken token, UserId creator, TokenTerms terms, Instant now) {
        AddressBlock network = terms.network();
        Handles.open(transaction)
                .createUpdate("""
                        INSERT INTO bootstrap_tokens (org_id, id, token_hash, created_by, created_at, expires_at, hostname, network)
                        VALUES (:org, :id, :hash, :creator, :now, :until, :hostname, CAST(:network AS cidr))""")
                .bind("org", token.org().value())
                .bind("id", token.id())
                .bind("hash", SecureTokens.sha256Hex(token.text().reveal()))
                .bind("creator", creator.value())
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .bind("until", token.expiresAt().atOffset(ZoneOffset.UTC))
                .bind("hostname", terms.hostname())
                .bind("network", network == null ? null : network.toString())
                .execute();
    }

    /** One statement finds, checks and spends: of any number of racers one gets the row, the others see it spent. */
    static Optional<UUID> spend(
            Connection transaction, OrgId org, Secret text, HostId host, Machine machine, Instant now) {
        InetAddress address = machine.address();
        return Handles.open(transaction)
                .createQuery("""
                        UPDATE bootstrap_tokens SET used_at = :now, used_by_host = :host
                         WHERE org_id = :org AND token_hash = :hash AND used_at IS NULL AND revoked_at IS NULL AND expires_at > :now
                           AND (hostname IS NULL OR lower(hostname) = lower(:hostname))
                           AND (network IS NULL OR CAST(:address AS inet) <<= network)
                        RETURNING id""")
                .bind("org", org.value())
                .bind("hash", SecureTokens.sha256Hex(text.reveal()))
                .bind("host", host.value())
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .bind("hostname", machine.hostname())
                .bind(
                        "address",
                        address == null ? null : address.getHostAddress().replaceAll("%.*", ""))
                .mapTo(UUID.class)
                .findOne();
    }

    static List<TokenEntry> list(Store store, OrgId org, @Nullable UUID after, int limit, Instant now) {
        return store.select(
                org, LIST, List.of(org.value(), after == null ? FIRST : after, limit), row -> entry(row, now));
    }

    private static TokenEntry entry(ResultSet row, Instant now) throws SQLException {
        Instant expiresAt = row.getObject("expires_at", OffsetDateTime.class).toInstant();
        UUID usedBy = row.getObject("used_by_host", UUID.class);
        TokenEntry.State state = usedBy != null
                ? TokenEntry.State.USED
                : row.getObject("revoked_at") != null
                        ? TokenEntry.State.REVOKED
                        : expiresAt.isAfter(now) ? TokenEntry.State.UNUSED : TokenEntry.State.EXPIRED;
        return new TokenEntry(
                row.getObject("id", UUID.class),
                state,
                row.getString("hostname"),
                row.getString("network"),
                new UserId(row.getObject("created_by", UUID.class)),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                expiresAt,
                usedBy == null ? null : new HostId(usedBy));
    }

    /** An expired one may be revoked too: it makes no difference, and nobody has to look at a clock. */
    static void revoke(Connection transaction, OrgId org, UUID token, Actor actor, Instant now) {
        int revoked = Handles.open(transaction)
                .createUpdate("""
                        UPDATE bootstrap_tokens SET revoked_at = :now, revoked_by = CAST(:by AS uuid)
                         WHERE org_id = :org AND id = :id AND used_at IS NULL AND revoked_at IS NULL""")
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .bind("by", actor.kind() == Actor.Kind.USER ? actor.id() : null)
                .bind("org", org.value())
                .bind("id", token)
                .execute();
        if (revoked == 0) {
            throw new StreamException(DirectoryError.TOKEN_UNKNOWN, "no unused bootstrap token " + token);
        }
    }
}
