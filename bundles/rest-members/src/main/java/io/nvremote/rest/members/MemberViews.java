// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.members;

import io.nvremote.core.StreamException;
import io.nvremote.directory.Invitation;
import io.nvremote.directory.Member;
import io.nvremote.directory.Role;
import io.nvremote.rest.RestError;
import io.nvremote.rest.Says;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Bodies about members and invitations. */
final class MemberViews {

    private MemberViews() {}

    /** A member of an organisation. */
    public record MemberView(
            @Says(format = "uuid") String userId,
            String email,
            String name,
            @Nullable String avatarUrl,
            @Says(values = {"admin", "member", "guest"}) String role,

            @Says("whether the account is disabled, and the membership counts for nothing meanwhile")
            boolean disabled,

            @Says(format = "date-time") String joinedAt) {

        static MemberView of(Member member) {
            return new MemberView(
                    member.user().toString(),
                    member.email(),
                    member.name(),
                    member.avatarUrl(),
                    text(member.role()),
                    member.disabled(),
                    member.joinedAt().toString());
        }
    }

    /** An open invitation. */
    public record InvitationView(
            @Says(format = "uuid") String id,
            @Says(format = "uuid") String orgId,
            String orgName,
            String email,
            @Says(values = {"admin", "member", "guest"}) String role,

            @Says(value = "who invited; not there if that user is gone", format = "uuid") @Nullable
            String invitedBy,

            @Says(format = "date-time") String createdAt,
            @Says(format = "date-time") String expiresAt) {

        static InvitationView of(Invitation invitation) {
            return new InvitationView(
                    invitation.id().toString(),
                    invitation.org().toString(),
                    invitation.orgName(),
                    invitation.email(),
                    text(invitation.role()),
                    invitation.by() == null ? null : invitation.by().toString(),
                    invitation.createdAt().toString(),
                    invitation.expiresAt().toString());
        }
    }

    private static String text(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    static Role role(@Nullable String text) {
        return Arrays.stream(Role.values())
                .filter(role -> text(role).equals(text))
                .findFirst()
                .orElseThrow(() -> new StreamException(RestError.FIELD_INVALID, "role must be admin, member or guest"));
    }
}
