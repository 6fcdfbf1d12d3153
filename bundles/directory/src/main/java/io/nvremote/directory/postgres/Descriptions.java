// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.HostDescription;
import io.nvremote.lib.jdbi.Handles;
import java.sql.Connection;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.statement.SqlStatement;

/** What machines say of themselves, checked and kept. */
final class Descriptions {

    private static final int LONGEST_VERSION = 32;

    private Descriptions() {}

    static void insert(Connection transaction, OrgId org, HostId host, HostDescription first, Instant now) {
        bind(Handles.open(transaction).createUpdate("""
                        INSERT INTO hosts (org_id, id, hostname, os_info, gpu_info, agent_version, registered_at, created_at, updated_at)
                        VALUES (:org, :id, :name, CAST(:os AS jsonb), CAST(:gpu AS jsonb), :version, :now, :now, :now)"""), org, host, first, now).execute();
    }

    /** The host's former name, if anything is not as it was. A GPU that nobody can read now is still the one that was read. */
    static Optional<String> update(Connection transaction, OrgId org, HostId host, HostDescription next, Instant now) {
        return bind(Handles.open(transaction).createQuery("""
                        UPDATE hosts h SET hostname = :name, os_info = CAST(:os AS jsonb), agent_version = :version,
                               gpu_info = CASE WHEN :gpu = '{}' THEN h.gpu_info ELSE CAST(:gpu AS jsonb) END, updated_at = :now
                          FROM (SELECT id, hostname FROM hosts WHERE org_id = :org AND id = :id FOR UPDATE) former
                         WHERE h.org_id = :org AND h.id = former.id AND h.deleted_at IS NULL
                           AND (h.hostname <> :name OR h.os_info IS DISTINCT FROM CAST(:os AS jsonb)
                                OR h.agent_version IS DISTINCT FROM CAST(:version AS text)
                                OR (:gpu <> '{}' AND h.gpu_info IS DISTINCT FROM CAST(:gpu AS jsonb)))
                        RETURNING former.hostname"""), org, host, next, now)
                .mapTo(String.class)
                .findOne();
    }

    private static <S extends SqlStatement<S>> S bind(
            S statement, OrgId org, HostId host, HostDescription said, Instant now) {
        String version = said.agentVersion();
        return statement
                .bind("org", org.value())
                .bind("id", host.value())
                .bind("name", NameRules.name("a host name", said.hostname()))
                .bind("os", Json.write(facts("os_info", said.osInfo())))
                .bind("gpu", Json.write(facts("gpu_info", said.gpuInfo())))
                .bind(
                        "version",
                        version == null ? null : version.substring(0, Math.min(LONGEST_VERSION, version.length())))
                .bind("now", now.atOffset(ZoneOffset.UTC));
    }

    private static Map<String, String> facts(String what, Map<String, String> facts) {
        if (facts.size() > 16) {
            throw new StreamException(DirectoryError.NAME_REFUSED, what + " has at most 16 entries: " + facts.size());
        }
        facts.forEach((name, value) -> {
            NameRules.name("a key of " + what, name);
            if (!value.isEmpty()) {
                NameRules.name("a value of " + what, value);
            }
        });
        return facts;
    }
}
