// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.AuditType;
import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import io.nvremote.core.ErrorCode;
import io.nvremote.core.HostId;
import io.nvremote.core.Keys;
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
import io.nvremote.directory.TokenEntry;
import io.nvremote.directory.TokenTerms;
import io.nvremote.store.Store;
import java.math.BigInteger;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Enrolment in PostgreSQL, with certificates of the internal authority. */
@Component(service = Enrolment.class, configurationPid = AuthorityConfig.PID)
public final class PostgresEnrolment implements Enrolment {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresEnrolment.class);
    /** Refusals that say something of who asks, and not of how he asked. */
    private static final Set<ErrorCode> TELLING = Set.of(
            DirectoryError.CERTIFICATE_FOREIGN,
            DirectoryError.KEY_NOT_PROVEN,
            DirectoryError.CERTIFICATE_REVOKED,
            DirectoryError.CERTIFICATE_SUPERSEDED,
            DirectoryError.GRACE_OVER,
            DirectoryError.DATABASE_RESTORED);

    private final Store store;
    private final AuditTrail audit;
    private final CertificateAuthority authority;
    private final Clock clock;
    private final Strangers strangers;
    private final Duration grace;

    @Activate
    public PostgresEnrolment(
            @Reference Store store,
            @Reference AuditTrail audit,
            @Reference CertificateAuthority authority,
            AuthorityConfig config) {
        this(store, audit, authority, AuthoritySettings.grace(config), Clock.system());
    }

    /** For an enrolment with a clock of its own. */
    public PostgresEnrolment(
            Store store, AuditTrail audit, CertificateAuthority authority, Duration grace, Clock clock) {
        this.grace = grace;
        this.store = store;
        this.audit = audit;
        this.authority = authority;
        this.clock = clock;
        this.strangers = new Strangers(audit, clock);
    }

    @Override
    public BootstrapToken issue(OrgId org, UserId creator, TokenTerms terms, Actor actor) {
        Duration life = terms.life();
        if (life.compareTo(Duration.ofMinutes(1)) < 0 || life.compareTo(TOKEN_LIFE) > 0) {
            throw new StreamException(
                    DirectoryError.TOKEN_LIFE_REFUSED, "a token's life must be PT1M to " + TOKEN_LIFE + ": " + life);
        }
        if (terms.hostname() != null) {
            NameRules.name("a host name", terms.hostname());
        }
        Instant now = clock.instant();
        BootstrapToken token = new BootstrapToken(UuidV7.next(), org, Tokens.fresh(), now.plus(life));
        AuditEvent made = AuditEvent.of(org, AuditType.BOOTSTRAP_TOKEN_GENERATED, actor, "bootstrap_token", token.id())
                .with("expires_at", token.expiresAt().toString());
        AuditEvent named = terms.hostname() == null ? made : made.with("hostname", terms.hostname());
        AuditEvent all = terms.network() == null
                ? named
                : named.with("network", terms.network().toString());
        return store.within(org, transaction -> {
            Tokens.insert(transaction, token, creator, terms, now);
            audit.append(transaction, all);
            return token;
        });
    }

    @Override
    public List<TokenEntry> tokens(OrgId org, @Nullable UUID after, int limit) {
        return Tokens.list(store, org, after, limit, clock.instant());
    }

    @Override
    public void revokeToken(OrgId org, UUID token, Actor actor) {
        store.within(org, transaction -> {
            Tokens.revoke(transaction, org, token, actor, clock.instant());
            audit.append(
                    transaction,
                    AuditEvent.of(org, AuditType.BOOTSTRAP_TOKEN_REVOKED, actor, "bootstrap_token", token));
            return true;
        });
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
                UUID spent = Tokens.spend(
                                transaction,
                                org,
                                token,
                                host,
                                new Tokens.Machine(application.hostname(), actor.address()),
                                clock.instant())
                        .orElseThrow(() ->
                                new StreamException(DirectoryError.TOKEN_REFUSED, "the bootstrap token was refused"));
                Descriptions.insert(transaction, org, host, application.description(), clock.instant());
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
                strangers.refused(AuditType.BOOTSTRAP_TOKEN_REFUSED, e.code(), org, actor);
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
    public Enrolled comeBack(String certificatePem, String csrPem, Actor actor) {
        strangers.request(actor);
        OrgId org = null;
        try {
            KeyProof proof = KeyProof.of(certificatePem, csrPem, authority.rootPem());
            org = proof.org();
            return store.within(proof.org(), transaction -> returned(transaction, proof, csrPem, actor));
        } catch (StreamException e) {
            if (TELLING.contains(e.code()) && strangers.refused(AuditType.HOST_CERT_REFUSED, e.code(), org, actor)) {
                LOG.atWarn()
                        .addKeyValue(Keys.CODE, e.code())
                        .addKeyValue(Keys.REASON, e.getMessage())
                        .addKeyValue("advice", e.code().advice())
                        .log("a host may not come back");
            }
            throw e;
        }
    }

    private Enrolled returned(Connection transaction, KeyProof proof, String csrPem, Actor actor) {
        Instant now = clock.instant();
        proof.requireReturn(
                Certificates.entry(transaction, proof),
                Certificates.hostKnown(transaction, proof.org(), proof.host()),
                grace,
                now);
        Certificates.requireRoom(transaction, proof.org(), proof.host(), now);
        Enrolled enrolled = Certificates.issue(transaction, authority, proof.org(), proof.host(), csrPem);
        audit.append(
                transaction,
                AuditEvent.of(proof.org(), AuditType.HOST_CERT_RENEWED, actor, "host", proof.host())
                        .with("proof", "old_key")
                        .with("expired_at", proof.expires().toString())
                        .with("certificate_expires_at", enrolled.expiresAt().toString()));
        return enrolled;
    }

    @Override
    public Standing standing(BigInteger serial) {
        Instant now = clock.instant();
        Certificates.Shown found = Certificates.standing(store, serial, now);
        if (!found.shown() && found.standing() instanceof Standing.Valid valid) {
            store.within(valid.org(), transaction -> {
                Certificates.noteShown(transaction, valid.org(), serial, now);
                return true;
            });
        }
        return found.standing();
    }

    @Override
    public Map<BigInteger, Standing> standings(Set<BigInteger> serials) {
        return serials.isEmpty() ? Map.of() : Certificates.standings(store, serials, clock.instant());
    }

    @Override
    public Set<HostId> trusted(Set<HostId> hosts) {
        return hosts.isEmpty() ? Set.of() : Certificates.trusted(store, hosts);
    }

    @Override
    public int revoke(OrgId org, HostId host, String reason, Actor actor) {
        return store.within(org, transaction -> {
            Certificates.Revoked revoked = Certificates.revoke(transaction, org, host, reason, clock.instant());
            if (revoked.all() > 0) {
                audit.append(
                        transaction,
                        AuditEvent.of(org, AuditType.HOST_CERT_REVOKED, actor, "host", host)
                                .with("reason", reason));
            }
            return revoked.valid();
        });
    }
}
