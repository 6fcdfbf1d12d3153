// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.auth;

import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.AuditType;
import io.nvremote.auth.SignIn;
import io.nvremote.core.Actor;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.directory.Directory;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.Role;
import io.nvremote.rest.CallerContext;
import io.nvremote.rest.CallerRole;
import io.nvremote.rest.Operation;
import io.nvremote.rest.RestResource;
import io.nvremote.rest.Rights;
import io.nvremote.rest.Says;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.DELETE;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code /orgs/{org}/members/{user}/sign-ins}: for an admin whose member has lost a machine. */
@Component(service = MemberSignInsResource.class)
@RestResource
@Path("/orgs/{org}/members/{user}/sign-ins")
@Produces(MediaType.APPLICATION_JSON)
public final class MemberSignInsResource {

    private final SignIn signIn;
    private final Directory directory;
    private final Rights rights;
    private final AuditTrail audit;

    @Activate
    public MemberSignInsResource(
            @Reference SignIn signIn,
            @Reference Directory directory,
            @Reference Rights rights,
            @Reference AuditTrail audit) {
        this.signIn = signIn;
        this.directory = directory;
        this.rights = rights;
        this.audit = audit;
    }

    /** The member signs in anew, here and in every other organisation. */
    @DELETE
    @Operation(
            id = "endMemberSignIns",
            role = CallerRole.ADMIN,
            summary = "Ends all sign-ins of a member; admins",
            status = 204,
            answers = "Ended",
            problems = {403, 404})
    public Response endAll(
            @Says(value = "the organisation", format = "uuid") @PathParam("org") String id,
            @Says(value = "the member", format = "uuid") @PathParam("user") String member,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        OrgId org = OrgId.of(id);
        rights.require(org, Role.ADMIN, security, http);
        UserId user = UserId.of(member);
        if (directory.memberships(user).stream().noneMatch(place -> place.org().equals(org))) {
            throw new StreamException(DirectoryError.MEMBER_UNKNOWN, "no member " + user);
        }
        Actor actor = CallerContext.actor(security, http);
        // Before: what can't be written down is not done.
        audit.append(AuditEvent.of(org, AuditType.EMERGENCY_REVOCATION, actor, "user", user));
        signIn.endAll(user, "by_admin", actor);
        return Response.noContent().build();
    }
}
