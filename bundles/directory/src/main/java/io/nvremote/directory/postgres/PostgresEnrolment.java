// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.AuditType;
import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.core.UuidV7;
import io.nvremote.directory.BootstrapToken;
import io.nvremote.directory.CertificateAuthority;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.Enrolled;
import io.nvremote.directory.Enrolment;
import io.nvremote.directory.HostApplication;
import io.nvremote.store.Store;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Enrolment in PostgreSQL, with certificates of the internal authority. */
@Component(service = Enrolment.class)
public final class PostgresEnrolment implements Enrolment {

    private final Store store;
    private final AuditTrail audit;
    private final CertificateAuthority authority;
    private final Clock clock;
    private final Strangers strangers;

    @Activate
    public PostgresEnrolment(
            @Reference Store store, @Reference AuditTrail audit, @Reference CertificateAuthority authority) {
        this(store, audit, authority, Clock.system());
    }

    /** For an enrolment with a clock of its own. */
    public PostgresEnrolment(Store store, AuditTrail audit, CertificateAuthority authority, Clock clock) {
        this.store = store;
        this.audit = audit;
        this.authority = authority;
        this.clock = clock;
        this.strangers = new Strangers(audit, clock);
    }

    @Override
    public BootstrapToken issue(OrgId org, UserId creator, Duration life, Actor actor) {
        if (life.compareTo(Duration.ofMinutes(1)) < 0 || life.compareTo(TOKEN_LIFE) > 0) {
            throw new StreamException(
                    DirectoryError.TOKEN_LIFE_REFUSED, "a token's life must be PT1M to " + TOKEN_LIFE + ": " + life);
        }
        Secret text = Tokens.fresh();
        UUID id = UuidV7.next();
        Instant now = clock.instant();
        store.within(org, transaction -> {
            Tokens.insert(transaction, org, id, text, creator, now, now.plus(life));
            audit.append(
                    transaction,
                    AuditEvent.of(org, AuditType.BOOTSTRAP_TOKEN_GENERATED, actor, "bootstrap_token", id)
                            .with("expires_at", now.plus(life).toString()));
            return id;
        });
        return new BootstrapToken(id, org, text, now.plus(life));
    }

    @Override
    public Enrolled redeem(OrgId org, Secret token, HostApplication application, Actor actor) {
        strangers.request(actor);
        NameRules.name("a host name", application.hostname());
        // Cheap to refuse, and must not spend the token: checked before the database is asked.
        CertificateRequest.key(application.csrPem());
        HostId host = HostId.next();
        try {
            return store.within(org, transaction -> {
                UUID spent = Tokens.spend(transaction, org, token, host, clock.instant())
                        .orElseThrow(() ->
                                new StreamException(DirectoryError.TOKEN_REFUSED, "the bootstrap token was refused"));
                Tokens.insertHost(transaction, org, host, application, clock.instant());
                Enrolled enrolled = Certificates.issue(transaction, authority, org, host, application.csrPem());
                audit.append(
                        transaction,
                        AuditEvent.of(org, AuditType.HOST_REGISTERED, actor, "host", host)
                                .with("bootstrap_token", spent.toString())
                                .with("hostname", application.hostname())
                                .with(
                                        "certificate_expires_at",
                                        enrolled.expiresAt().toString()));
                return enrolled;
            });
        } catch (StreamException e) {
            if (e.code() == DirectoryError.TOKEN_REFUSED) {
                strangers.refused(org, actor);
            }
            throw e;
        }
    }

    @Override
    public Enrolled renew(OrgId org, HostId host, String csrPem, Actor actor) {
        return store.within(org, transaction -> {
            Certificates.requireHost(transaction, org, host);
            Certificates.requireRoom(transaction, org, host, clock.instant());
            Enrolled enrolled = Certificates.issue(transaction, authority, org, host, csrPem);
            audit.append(
                    transaction,
                    AuditEvent.of(org, AuditType.HOST_CERT_RENEWED, actor, "host", host)
                            .with("certificate_expires_at", enrolled.expiresAt().toString()));
            return enrolled;
        });
    }

    @Override
    public Standing standing(BigInteger serial) {
        return store.global(transaction -> Certificates.standing(transaction, serial, clock.instant()));
    }

    @Override
    public Map<BigInteger, Standing> standings(Set<BigInteger> serials) {
        return serials.isEmpty()
                ? Map.of()
                : store.global(transaction -> Certificates.standings(transaction, serials, clock.instant()));
    }

    @Override
    public Set<HostId> trusted(Set<HostId> hosts) {
        return hosts.isEmpty() ? Set.of() : store.global(transaction -> Certificates.trusted(transaction, hosts));
    }

    @Override
    public int revoke(OrgId org, HostId host, String reason, Actor actor) {
        return store.within(org, transaction -> {
            int revoked = Certificates.revoke(transaction, org, host, reason, clock.instant());
            if (revoked > 0) {
                audit.append(
                        transaction,
                        AuditEvent.of(org, AuditType.HOST_CERT_REVOKED, actor, "host", host)
                                .with("reason", reason));
            }
            return revoked;
        });
    }
}
