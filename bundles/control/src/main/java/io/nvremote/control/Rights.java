// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.auth.AccessTokens;
import io.nvremote.auth.AuthError;
import io.nvremote.auth.Caller;
import io.nvremote.auth.SignIn;
import io.nvremote.broker.StreamSession;
import io.nvremote.core.Clock;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.directory.Directory;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.Enrolment;
import io.nvremote.directory.Membership;
import io.nvremote.directory.Role;
import io.nvremote.presence.Holder;
import io.nvremote.presence.Lease;
import io.nvremote.presence.Presence;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Who may be connected and what may run, asked again and again: a right that ended ends what rests on it, whoever ended it and
 * however. A few questions for all, not one for each. While the database does not answer nothing is ended: not knowing
 * is no refusal. Safe for any thread; blocks on the database.
 */
@Component(service = Rights.class)
public final class Rights {

    private static final int POLICY = 1008;

    private final Presence presence;
    private final Directory directory;
    private final Enrolment enrolment;
    private final AccessTokens tokens;
    private final SignIn signIn;
    private final Clock clock = Clock.system();

    @Activate
    public Rights(
            @Reference Presence presence,
            @Reference Directory directory,
            @Reference Enrolment enrolment,
            @Reference AccessTokens tokens,
            @Reference SignIn signIn) {
        this.presence = presence;
        this.directory = directory;
        this.enrolment = enrolment;
        this.tokens = tokens;
        this.signIn = signIn;
    }

    /** What a host certificate stands for now. */
    Enrolment.Standing standing(BigInteger serial) {
        return enrolment.standing(serial);
    }

    /** Who shows this token, and whose hosts it may hear of. */
    Holder.Client client(Secret token) {
        Caller caller = tokens.verify(token.reveal());
        if (!signIn.active(caller.signIn())) {
            throw new StreamException(AuthError.TOKEN_INVALID, "the sign-in of this token was ended");
        }
        List<Membership> memberships =
                directory.memberships(Set.of(caller.user())).get(caller.user());
        if (memberships == null) {
            throw new StreamException(AuthError.TOKEN_INVALID, "the user of this token is gone or disabled");
        }
        return new Holder.Client(
                caller.user(), caller.signIn(), caller.expires(), orgs(memberships, false), orgs(memberships, true));
    }

    private static Set<OrgId> orgs(List<Membership> memberships, boolean asGuest) {
        return memberships.stream()
                .filter(m -> (m.role() == Role.GUEST) == asGuest)
                .map(Membership::org)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Hands those of the running sessions whose right has ended to {@code end}, with the reason. */
    void sessions(Collection<StreamSession> running, BiConsumer<StreamSession, String> end) {
        if (running.isEmpty()) {
            return;
        }
        Set<UserId> users = running.stream().map(StreamSession::user).collect(Collectors.toSet());
        Set<HostId> hosts = running.stream().map(StreamSession::host).collect(Collectors.toSet());
        People people = people(users);
        Set<HostId> trusted = enrolment.trusted(hosts);
        // Those of others than people who may act would be told as ended sign-ins, which is not why.
        Set<UUID> signIns = signIn.active(running.stream()
                .filter(session -> people.memberships().containsKey(session.user()))
                .map(StreamSession::signIn)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet()));
        for (StreamSession session : running) {
            String why = ended(session, people, trusted, signIns);
            if (why != null) {
                end.accept(session, why);
            }
        }
    }

    private static @Nullable String ended(
            StreamSession session, People people, Set<HostId> trusted, Set<UUID> signIns) {
        if (!trusted.contains(session.host())) {
            return "host_revoked";
        }
        List<Membership> memberships = people.memberships().get(session.user());
        if (memberships == null) {
            return people.disabled().contains(session.user()) ? "user_disabled" : "user_deleted";
        }
        boolean may = memberships.stream()
                .anyMatch(m -> m.org().equals(session.org()) && m.role().covers(Role.MEMBER));
        if (!may) {
            return "member_removed";
        }
        return session.signIn() == null || signIns.contains(session.signIn()) ? null : "sign_in_ended";
    }

    /** Memberships of those who may act, and who of the others is disabled. */
    private record People(Map<UserId, List<Membership>> memberships, Set<UserId> disabled) {}

    private People people(Set<UserId> users) {
        Map<UserId, List<Membership>> memberships = directory.memberships(users);
        Set<UserId> gone = new HashSet<>(users);
        gone.removeAll(memberships.keySet());
        return new People(memberships, directory.disabled(gone));
    }

    /** What closes the connections of those who may not be connected any more, and tells them why. */
    List<EndedRights.Closing> lapsed() {
        List<EndedRights.Closing> closings = new ArrayList<>();
        hosts((lease, why) -> closings.add(closing(((Holder.Host) lease.holder()).host(), lease, why)));
        clients((lease, why) -> closings.add(closing(((Holder.Client) lease.holder()).user(), lease, why)));
        return closings;
    }

    private EndedRights.Closing closing(Object party, Lease lease, String why) {
        return new EndedRights.Closing(party, () -> presence.close(lease, POLICY, why));
    }

    private void hosts(BiConsumer<Lease, String> lapsed) {
        List<Lease> leases = presence.hosts();
        Set<BigInteger> serials = new HashSet<>();
        leases.forEach(lease -> serials.add(((Holder.Host) lease.holder()).serial()));
        Map<BigInteger, Enrolment.Standing> standings = enrolment.standings(serials);
        for (Lease lease : leases) {
            Enrolment.Standing now = standings.get(((Holder.Host) lease.holder()).serial());
            if (!(now instanceof Enrolment.Standing.Valid)) {
                lapsed.accept(lease, "CERTIFICATE_REVOKED");
            }
        }
    }

    private void clients(BiConsumer<Lease, String> lapsed) {
        List<Lease> leases = presence.clients();
        Set<UserId> users = new HashSet<>();
        leases.forEach(lease -> users.add(((Holder.Client) lease.holder()).user()));
        People people = people(users);
        Set<UUID> signIns = signIn.active(leases.stream()
                .map(lease -> (Holder.Client) lease.holder())
                .filter(client -> people.memberships().containsKey(client.user()))
                .map(Holder.Client::signIn)
                .collect(Collectors.toSet()));
        for (Lease lease : leases) {
            Holder.Client client = (Holder.Client) lease.holder();
            String why = refused(client, people, signIns);
            if (why != null) {
                lapsed.accept(lease, why);
            }
        }
    }

    private @Nullable String refused(Holder.Client client, People people, Set<UUID> signIns) {
        List<Membership> memberships = people.memberships().get(client.user());
        if (memberships == null && people.disabled().contains(client.user())) {
            return DirectoryError.USER_DISABLED.name();
        }
        if (memberships == null || !signIns.contains(client.signIn())) {
            return AuthError.TOKEN_INVALID.name();
        }
        if (!client.expires().isAfter(clock.instant())) {
            return AuthError.TOKEN_EXPIRED.name();
        }
        boolean same = orgs(memberships, false).equals(client.orgs())
                && orgs(memberships, true).equals(client.guestOf());
        // It comes again at once, and hears what it may hear now.
        return same ? null : "RIGHTS_CHANGED";
    }
}
