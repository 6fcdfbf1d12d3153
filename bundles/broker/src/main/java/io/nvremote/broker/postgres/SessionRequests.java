// SPDX-License-Identifier: Apache-2.0
package io.nvremote.broker.postgres;

import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.AuditType;
import io.nvremote.broker.Broker;
import io.nvremote.broker.BrokerError;
import io.nvremote.broker.Gateway;
import io.nvremote.broker.SessionRequest;
import io.nvremote.broker.SessionStatus;
import io.nvremote.broker.StreamSession;
import io.nvremote.broker.TunnelPair;
import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.store.Store;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** How a session begins: who asked with the same key before, whether the host can, and the row with its address pair. */
final class SessionRequests {

    private static final String REPLACED = "replaced";

    private record HostState(String status, int maxSessions) {}

    private final Store store;
    private final AuditTrail audit;
    private final SessionEnds ends;
    private final BrokerSettings settings;
    private final Clock clock;

    SessionRequests(Store store, AuditTrail audit, SessionEnds ends, BrokerSettings settings, Clock clock) {
        this.store = store;
        this.audit = audit;
        this.ends = ends;
        this.settings = settings;
        this.clock = clock;
    }

    Broker.Requested request(SessionRequest request, Actor actor) {
        checkIdempotencyKey(request.idempotencyKey());
        try {
            return store.within(request.org(), connection -> {
                Handle handle = SessionRows.on(connection);
                Optional<StreamSession> before = earlier(handle, request);
                if (before.isPresent()) {
                    return new Broker.Requested(before.get(), null);
                }
                StreamSession replaced = admit(handle, request, actor).orElse(null);
                StreamSession made = create(handle, request);
                if (replaced != null) {
                    ends.note(connection, replaced, AuditType.SESSION_TERMINATED, actor, REPLACED);
                }
                ends.note(connection, made, AuditType.SESSION_CREATED, actor, null);
                return new Broker.Requested(made, replaced);
            });
        } catch (StreamException e) {
            if (e.code() instanceof BrokerError) {
                audit.append(AuditEvent.refused(
                                request.org(),
                                AuditType.SESSION_REQUESTED,
                                actor,
                                e.code().name())
                        .with("host", request.host().toString()));
            }
            throw e;
        }
    }

    /** What this key made before. Requests with the same key queue here until the first is done. */
    private static Optional<StreamSession> earlier(Handle handle, SessionRequest request) {
        if (request.idempotencyKey() == null) {
            return Optional.empty();
        }
        handle.createQuery("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
                .bind("key", request.org() + "/" + request.user() + "/" + request.idempotencyKey())
                .map((row, context) -> true)
                .one();
        Optional<StreamSession> found = handle.createQuery("SELECT " + SessionRows.COLUMNS + """
                           FROM sessions WHERE org_id = CAST(:org AS uuid) AND user_id = CAST(:user AS uuid)
                          AND idempotency_key = :key""")
                .bind("org", request.org().toString())
                .bind("user", request.user().toString())
                .bind("key", request.idempotencyKey())
                .map((row, context) -> SessionRows.read(row))
                .findOne();
        found.ifPresent(session -> {
            if (!session.host().equals(request.host())
                    || !session.clientPublicKey().equals(request.clientPublicKey())) {
                throw new StreamException(
                        BrokerError.IDEMPOTENCY_MISMATCH, "the key was used for session " + session.id());
            }
        });
        return found;
    }

    /**
     * The host's row is locked: two requests for one host count each other.
     *
     * @return the session that gave way: on a full host the user's own oldest, whose client may be dead or elsewhere
     */
    private Optional<StreamSession> admit(Handle handle, SessionRequest request, Actor actor) {
        HostState host = handle.createQuery("""
                        SELECT status, max_sessions FROM host_states
                         WHERE org_id = CAST(:org AS uuid) AND host_id = CAST(:host AS uuid) AND deleted_at IS NULL FOR UPDATE""")
                .bind("org", request.org().toString())
                .bind("host", request.host().toString())
                .map((row, context) -> new HostState(row.getString("status"), row.getInt("max_sessions")))
                .findOne()
                .orElseThrow(() -> new StreamException(BrokerError.HOST_UNKNOWN, "no host " + request.host()));
        if (host.status().equals("MAINTENANCE")) {
            throw new StreamException(BrokerError.HOST_IN_MAINTENANCE, "host " + request.host() + " is out of use");
        }
        if (!host.status().equals("ONLINE")) {
            throw new StreamException(BrokerError.HOST_OFFLINE, "host " + request.host() + " is not connected");
        }
        List<StreamSession> live = handle.createQuery("SELECT " + SessionRows.COLUMNS + """
                           FROM sessions WHERE org_id = CAST(:org AS uuid) AND host_id = CAST(:host AS uuid)
                          AND status IN ('PENDING', 'ACTIVE') ORDER BY created_at, id FOR UPDATE""")
                .bind("org", request.org().toString())
                .bind("host", request.host().toString())
                .map((row, context) -> SessionRows.read(row))
                .list();
        if (live.size() < host.maxSessions()) {
            return Optional.empty();
        }
        StreamSession own = live.stream()
                .filter(session -> session.user().equals(request.user()))
                .findFirst()
                .filter(session -> live.size() == host.maxSessions()) // else one fewer is still too many
                .orElseThrow(() -> new StreamException(
                        BrokerError.HOST_BUSY,
                        "host " + request.host() + " runs " + live.size() + " of " + host.maxSessions()));
        return Optional.of(ends.write(handle, own, SessionStatus.TERMINATED, REPLACED, actor));
    }

    private StreamSession create(Handle handle, SessionRequest request) {
        Gateway gateway = handle.createQuery(
                        "SELECT endpoint, public_key, pairs FROM gateways WHERE id = CAST(:id AS uuid)")
                .bind("id", request.gateway().toString())
                .map((row, context) -> SessionRows.gateway(request.gateway(), row))
                .findOne()
                .orElseThrow(() -> new StreamException(BrokerError.GATEWAY_UNKNOWN, "no gateway " + request.gateway()));
        if (gateway.publicKey().is(request.clientPublicKey())) {
            throw SessionLife.keyOf("the gateway's");
        }
        SessionId id = SessionId.next();
        Instant now = SessionRows.now(clock);
        TunnelPair pair = AddressSlots.take(handle, request, id, now);
        handle.createUpdate("""
                        INSERT INTO sessions (org_id, id, user_id, sign_in_id, host_id, gateway_id, pair_no, status, client_public_key,
                            gateway_endpoint, gateway_public_key, idempotency_key, created_at, deadline)
                        VALUES (CAST(:org AS uuid), CAST(:id AS uuid), CAST(:user AS uuid), CAST(:signIn AS uuid),
                            CAST(:host AS uuid), CAST(:gateway AS uuid), :pair, 'PENDING', :key, :endpoint, :gatewayKey, :idempotency, :now, :deadline)""")
                .bind("org", request.org().toString())
                .bind("id", id.toString())
                .bind("user", request.user().toString())
                .bind(
                        "signIn",
                        request.signIn() == null ? null : request.signIn().toString())
                .bind("host", request.host().toString())
                .bind("gateway", request.gateway().toString())
                .bind("pair", pair.number())
                .bind("key", request.clientPublicKey().toString())
                .bind("endpoint", gateway.endpoint().toString())
                .bind("gatewayKey", gateway.publicKey().toString())
                .bind("idempotency", request.idempotencyKey())
                .bind("now", now)
                .bind("deadline", now.plus(settings.pendingTimeout()))
                .execute();
        return SessionRows.locked(handle, request.org(), id).orElseThrow();
    }

    private static void checkIdempotencyKey(@Nullable String key) {
        if (key != null && !key.matches("[!-~]{1,255}")) {
            throw new StreamException(
                    BrokerError.IDEMPOTENCY_KEY_REFUSED, "an idempotency key of " + key.length() + " characters");
        }
    }
}
