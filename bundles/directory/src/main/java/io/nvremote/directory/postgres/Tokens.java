// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.Secret;
import io.nvremote.core.UserId;
import io.nvremote.directory.Enrolment;
import io.nvremote.lib.jdbi.Handles;
import io.nvremote.lib.tokens.SecureTokens;
import java.sql.Connection;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

/** Bootstrap tokens: 256 random bits, known to the database by their SHA-256 only. */
final class Tokens {

    private Tokens() {}

    static Secret fresh() {
        return new Secret(Enrolment.PREFIX + SecureTokens.text());
    }

    static void insert(
            Connection transaction, OrgId org, UUID id, Secret text, UserId creator, Instant now, Instant until) {
        Handles.open(transaction)
                .createUpdate("""
                        INSERT INTO bootstrap_tokens (org_id, id, token_hash, created_by, created_at, expires_at)
                        VALUES (:org, :id, :hash, :creator, :now, :until)""")
                .bind("org", org.value())
                .bind("id", id)
                .bind("hash", SecureTokens.sha256Hex(text.reveal()))
                .bind("creator", creator.value())
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .bind("until", until.atOffset(ZoneOffset.UTC))
                .execute();
    }

    /** One statement finds, checks and spends: of any number of racers one gets the row, the others see it spent. */
    static Optional<UUID> spend(Connection transaction, OrgId org, Secret text, HostId host, Instant now) {
        return Handles.open(transaction)
                .createQuery("""
                        UPDATE bootstrap_tokens SET used_at = :now, used_by_host = :host
                         WHERE org_id = :org AND token_hash = :hash AND used_at IS NULL AND expires_at > :now
                        RETURNING id""")
                .bind("org", org.value())
                .bind("hash", SecureTokens.sha256Hex(text.reveal()))
                .bind("host", host.value())
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .mapTo(UUID.class)
                .findOne();
    }
}
