// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory;

import io.nvremote.core.Actor;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.UserId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Users, organisations, members and hosts. A service.
 *
 * <p><b>Threads.</b> Safe for any thread; calls block on the database. Besides what each method names, every one may fail
 * with {@code UNAVAILABLE} (remedy RETRY) while the database is down.
 */
@ProviderType
public interface Directory {

    // ---- users ----

    /**
     * Finds the user of (issuer, subject), or makes one, and notes the sign-in; one transaction, so that two first sign-ins
     * at once give one user. E-mail addresses never join accounts.
     *
     * @throws io.nvremote.core.StreamException {@link DirectoryError#IDENTITY_REFUSED} if the e-mail is missing or not
     *     verified, {@link DirectoryError#USER_DISABLED}
     */
    User signIn(Identity identity, Actor actor);

    /** The user, if there is one and it is neither deleted nor disabled. */
    Optional<User> user(UserId user);

    /**
     * Gives the user another name, which later sign-ins leave as it is, and other preferences; audited if that is a change.
     *
     * @param preferences all of them: at most 64, with keys of 1 to 64 letters, digits and {@code . _ -}, and values of at most 256
     *     characters without controls
     * @param expected is given the user as it is, in the transaction that changes it; what it throws leaves all as it was
     * @throws io.nvremote.core.StreamException {@link DirectoryError#USER_UNKNOWN}, {@link DirectoryError#USER_DISABLED},
     *     {@link DirectoryError#NAME_REFUSED} or {@link DirectoryError#PREFERENCES_REFUSED}
     */
    User updateUser(UserId user, String name, Map<String, String> preferences, Consumer<User> expected, Actor actor);

    /** The users with this e-mail address, in any case of letters, disabled ones too; the oldest 100. For an operator. */
    List<User> users(String email);

    /**
     * Disables the user: a member of nothing and refused at sign-in, until {@link #enable}. Memberships are kept. Sign-ins
     * that live are the caller's to end. Disabling again changes nothing; audited only where it is a change.
     *
     * <p>Not the only admin of an organisation that has other members: {@link #assign} gives it another first, also by whoever
     * operates the system. An organisation whose only member is disabled has nobody who would miss an admin.
     *
     * @throws io.nvremote.core.StreamException {@link DirectoryError#USER_UNKNOWN} or {@link DirectoryError#LAST_ADMIN}
     */
    User disable(UserId user, Actor actor);

    /**
     * Takes {@link #disable} back: the user may sign in again, and is a member of what it was.
     *
     * @throws io.nvremote.core.StreamException {@link DirectoryError#USER_UNKNOWN}
     */
    User enable(UserId user, Actor actor);

    /** Those of these users that are disabled. */
    Set<UserId> disabled(Set<UserId> users);

    /** The user's memberships, by organisation name; none for a disabled user. */
    List<Membership> memberships(UserId user);

    /** The same for many users at once; users that are deleted, disabled or never were are missing. */
    Map<UserId, List<Membership>> memberships(Set<UserId> users);

    /** The user's role in the organisation; empty for non-members, disabled users and organisations that don't exist. Not cached here. */
    Optional<Role> role(UserId user, OrgId org);

    // ---- organisations ----

    /**
     * Makes an organisation whose only member is its creator, as {@link Role#ADMIN}.
     *
     * @param slug 2 to 63 of a-z, 0-9 and inner hyphens; unique over all organisations
     * @throws io.nvremote.core.StreamException {@link DirectoryError#NAME_REFUSED}, {@link DirectoryError#SLUG_REFUSED},
     *     {@link DirectoryError#SLUG_TAKEN}, {@link DirectoryError#USER_UNKNOWN} or {@link DirectoryError#USER_DISABLED}
     */
    Org createOrg(UserId creator, String name, String slug, Actor actor);

    /** The organisation, if there is one and it is not deleted. */
    Optional<Org> org(OrgId org);

    /**
     * Gives the organisation another name and slug; audited if that is a change.
     *
     * @param expected is given the organisation as it is, in the transaction that changes it; what it throws leaves all as it was
     * @throws io.nvremote.core.StreamException {@link DirectoryError#ORG_UNKNOWN}, {@link DirectoryError#NAME_REFUSED},
     *     {@link DirectoryError#SLUG_REFUSED} or {@link DirectoryError#SLUG_TAKEN}
     */
    Org updateOrg(OrgId org, String name, String slug, Consumer<Org> expected, Actor actor);

    /**
     * Makes the user a member with this role, or changes the role.
     *
     * @throws io.nvremote.core.StreamException {@link DirectoryError#USER_UNKNOWN}, {@link DirectoryError#USER_DISABLED},
     *     {@link DirectoryError#ORG_UNKNOWN} or {@link DirectoryError#LAST_ADMIN}
     */
    Membership assign(OrgId org, UserId user, Role role, Actor actor);

    // ---- hosts ----

    /** The organisation's hosts with their latest figures, by name. */
    List<Host> hosts(OrgId org);

    /**
     * A part of the organisation's hosts, by name.
     *
     * @param after the last host of the part before; null for the first part
     * @param limit most hosts, 1 to 1000
     */
    List<Host> hosts(OrgId org, @Nullable HostId after, int limit);

    /** The host, if the organisation has it. */
    Optional<Host> host(OrgId org, HostId host);

    /** The host, if it is in an organisation of which the user is a member, in any role. For paths that name no organisation. */
    Optional<Host> hostVisibleTo(UserId user, HostId host);

    /**
     * Notes who is connected and who is not, one transaction for each organisation; audited only where that is a change. A
     * host in maintenance stays there.
     *
     * @return the hosts named, as they are now; those that are gone are missing
     */
    List<Host> presence(Collection<HostPresence> now);

    /**
     * Notes what the host is now; audited where that is a change of name.
     *
     * @return the host, if anything changed; empty if nothing did or there is no such host
     * @throws io.nvremote.core.StreamException {@link DirectoryError#NAME_REFUSED}
     */
    Optional<Host> describe(OrgId org, HostId host, HostDescription now, Actor actor);

    /**
     * Takes the host out of the organisation for good and revokes its certificates. Its history stays; its socket and sessions are ended by
     * those who own them.
     *
     * @throws io.nvremote.core.StreamException {@link DirectoryError#HOST_UNKNOWN}
     */
    void removeHost(OrgId org, HostId host, Actor actor);

    /** Takes a heartbeat: kept in memory for every reader, and written by the next {@link #writeHeartbeats}. Never blocks. */
    void heartbeat(OrgId org, HostId host, HostMetrics figures);

    /**
     * Writes the newest figures of all hosts whose figures changed, at most every 15 s per host, in one statement; nothing
     * to write costs nothing. To be called every second or so.
     *
     * @return how many hosts were written
     */
    int writeHeartbeats();

    /** The hosts that are noted as online, of all organisations. */
    List<HostPresence> notedOnline();
}
