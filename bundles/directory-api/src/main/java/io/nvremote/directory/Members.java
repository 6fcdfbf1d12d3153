// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory;

import io.nvremote.core.Actor;
import io.nvremote.core.OrgId;
import io.nvremote.core.UserId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Who is a member of an organisation, and who may become one. A service. Whether the caller may is asked before ({@code Rights}). An
 * organisation keeps at least one admin that can sign in.
 *
 * <p><b>Threads.</b> Safe for any thread; calls block on the database, and may fail with {@code UNAVAILABLE} (remedy RETRY) while it is
 * down. Changes of one organisation's members come one after the other.
 */
@ProviderType
public interface Members {

    /** The longest that an invitation lives, and how long if nobody says. */
    Duration LONGEST_INVITATION = Duration.ofDays(30);

    Duration USUAL_INVITATION = Duration.ofDays(7);

    /**
     * A part of the organisation's members, the oldest accounts first; disabled ones too, deleted ones not.
     *
     * @param after the last one of the part before; null for the first part
     * @param limit 1 to 1000
     */
    List<Member> members(OrgId org, @Nullable UserId after, int limit);

    /** The member, if the user is one. */
    Optional<Member> member(OrgId org, UserId user);

    /**
     * Changes a member's role; audited if that is a change.
     *
     * @param expected is given the member as it is, in the transaction that changes it; what it throws leaves all as it was
     * @throws io.nvremote.core.StreamException {@link DirectoryError#MEMBER_UNKNOWN} or {@link DirectoryError#LAST_ADMIN}
     */
    Member changeRole(OrgId org, UserId user, Role role, Consumer<Member> expected, Actor actor);

    /**
     * Takes the membership away. Sockets and sessions that rested on it are ended by those who own them.
     *
     * @param expected as with {@link #changeRole}
     * @throws io.nvremote.core.StreamException {@link DirectoryError#MEMBER_UNKNOWN} or {@link DirectoryError#LAST_ADMIN}
     */
    void remove(OrgId org, UserId user, Consumer<Member> expected, Actor actor);

    /**
     * Invites whoever can show that address. An open invitation of the same address is replaced. Says nothing about whether anybody has
     * the address: who invites must not learn that.
     *
     * @param email up to 320 characters; compared in any case of letters
     * @param life 1 minute to {@link #LONGEST_INVITATION}
     * @throws io.nvremote.core.StreamException {@link DirectoryError#EMAIL_REFUSED}, {@link DirectoryError#INVITATION_LIFE_REFUSED},
     *     {@link DirectoryError#ALREADY_MEMBER} for the address of a member, {@link DirectoryError#ORG_UNKNOWN}
     */
    Invitation invite(OrgId org, String email, Role role, Duration life, Actor actor);

    /**
     * A part of the organisation's open invitations, the oldest first.
     *
     * @param after the last one of the part before; null for the first part
     * @param limit 1 to 1000
     */
    List<Invitation> invitations(OrgId org, @Nullable UUID after, int limit);

    /**
     * Takes an invitation back.
     *
     * @throws io.nvremote.core.StreamException {@link DirectoryError#INVITATION_UNKNOWN} if it is not open
     */
    void revoke(OrgId org, UUID invitation, Actor actor);

    /** Open invitations of the address that the user showed at the last sign-in; at most 100. */
    List<Invitation> invitationsOf(UserId user);

    /**
     * Makes the user a member. Who became one meanwhile keeps that role.
     *
     * @throws io.nvremote.core.StreamException {@link DirectoryError#INVITATION_UNKNOWN} if it is not open, or of another address
     */
    Member accept(UserId user, UUID invitation, Actor actor);

    /**
     * Ends an invitation without making the user a member.
     *
     * @throws io.nvremote.core.StreamException {@link DirectoryError#INVITATION_UNKNOWN} if it is not open, or of another address
     */
    void decline(UserId user, UUID invitation, Actor actor);
}
