// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.members;

import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.Invitation;
import io.nvremote.directory.Member;
import io.nvremote.directory.Members;
import io.nvremote.directory.Role;
import io.nvremote.rest.CallerContext;
import io.nvremote.rest.CallerRole;
import io.nvremote.rest.Fields;
import io.nvremote.rest.Items;
import io.nvremote.rest.Operation;
import io.nvremote.rest.Page;
import io.nvremote.rest.Preconditions;
import io.nvremote.rest.RestResource;
import io.nvremote.rest.Rights;
import io.nvremote.rest.Says;
import io.nvremote.rest.members.MemberViews.InvitationView;
import io.nvremote.rest.members.MemberViews.MemberView;
import java.time.Duration;
import java.util.List;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.PATCH;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code /orgs/{org}/members}: who belongs to an organisation, and inviting others. */
@Component(service = MemberResource.class)
@RestResource
@Path("/orgs/{org}/members")
@Produces(MediaType.APPLICATION_JSON)
public final class MemberResource {

    private final Members members;
    private final Rights rights;
    private final Preconditions preconditions;

    @Activate
    public MemberResource(
            @Reference Members members, @Reference Rights rights, @Reference Preconditions preconditions) {
        this.members = members;
        this.rights = rights;
        this.preconditions = preconditions;
    }

    @GET
    @Operation(
            id = "listMembers",
            role = CallerRole.MEMBER,
            summary = "An organisation's members; members and admins",
            answers = "Members",
            problems = {403, 404})
    public Items<MemberView> list(
            @Says(value = "the organisation", format = "uuid") @PathParam("org") String id,
            @Says(value = "most items, 100 if not given", pattern = "^([1-9][0-9]?|100)$")
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @Says("next of the page before") @QueryParam("cursor") @Nullable String cursor,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        OrgId org = allowed(id, Role.MEMBER, security, http);
        Page page = Page.of(limit, cursor);
        List<Member> rows = members.members(org, page.after() == null ? null : UserId.of(page.after()), page.size());
        return page.items(rows, Member::user, MemberView::of);
    }

    @POST
    @Operation(
            id = "inviteMember",
            role = CallerRole.ADMIN,
            summary = "Invites whoever signs in with that verified address; admins",
            status = 201,
            answers = "The invitation",
            body = InvitationView.class,
            problems = {403, 404, 409})
    @Consumes(MediaType.APPLICATION_JSON)
    public Response invite(
            @Says(value = "the organisation", format = "uuid") @PathParam("org") String id,
            @Nullable NewInvitation body,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        OrgId org = allowed(id, Role.ADMIN, security, http);
        NewInvitation wanted = Fields.body(body);
        Invitation made = members.invite(
                org,
                Fields.text("email", wanted.email(), 320),
                MemberViews.role(wanted.role()),
                wanted.expiresInS() == null ? Members.USUAL_INVITATION : Duration.ofSeconds(wanted.expiresInS()),
                CallerContext.actor(security, http));
        return Response.status(Response.Status.CREATED)
                .entity(InvitationView.of(made))
                .build();
    }

    @GET
    @Operation(
            id = "member",
            role = CallerRole.MEMBER,
            summary = "One member; members and admins",
            answers = "The member",
            problems = {403, 404})
    @Path("/{user}")
    public MemberView one(
            @Says(value = "the organisation", format = "uuid") @PathParam("org") String id,
            @Says(value = "the user", format = "uuid") @PathParam("user") String user,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        return members.member(allowed(id, Role.MEMBER, security, http), UserId.of(user))
                .map(MemberView::of)
                .orElseThrow(() -> new StreamException(DirectoryError.MEMBER_UNKNOWN, "no such member"));
    }

    @PATCH
    @Operation(
            id = "changeMemberRole",
            role = CallerRole.ADMIN,
            summary = "Gives a member another role; admins, with If-Match",
            answers = "The member",
            problems = {403, 404, 409, 412, 428})
    @Path("/{user}")
    @Consumes(MediaType.APPLICATION_JSON)
    public MemberView change(
            @Says(value = "the organisation", format = "uuid") @PathParam("org") String id,
            @Says(value = "the user", format = "uuid") @PathParam("user") String user,
            @Nullable MemberChange body,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        OrgId org = allowed(id, Role.ADMIN, security, http);
        return MemberView.of(members.changeRole(
                org,
                UserId.of(user),
                MemberViews.role(Fields.body(body).role()),
                now -> preconditions.ifMatch(http, MemberView.of(now)),
                CallerContext.actor(security, http)));
    }

    @DELETE
    @Operation(
            id = "removeMember",
            role = CallerRole.ADMIN,
            summary = "Takes a membership away; admins, and members their own, with If-Match",
            status = 204,
            answers = "Removed",
            problems = {403, 404, 409, 412, 428})
    @Path("/{user}")
    public Response remove(
            @Says(value = "the organisation", format = "uuid") @PathParam("org") String id,
            @Says(value = "the user", format = "uuid") @PathParam("user") String user,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        UserId gone = UserId.of(user);
        boolean own = gone.equals(CallerContext.caller(security).user());
        OrgId org = allowed(id, own ? Role.GUEST : Role.ADMIN, security, http);
        members.remove(
                org, gone, now -> preconditions.ifMatch(http, MemberView.of(now)), CallerContext.actor(security, http));
        return Response.noContent().build();
    }

    private OrgId allowed(String id, Role needed, SecurityContext security, HttpServletRequest http) {
        OrgId org = OrgId.of(id);
        rights.require(org, needed, security, http);
        return org;
    }

    /** Body of {@code POST}. */
    public record NewInvitation(
            @Says(required = true, most = 320) @Nullable String email,

            @Says(
                    required = true,
                    values = {"admin", "member", "guest"})
            @Nullable
            String role,

            @Says(value = "seconds, 7 days if not given", least = 60, most = 2_592_000) @Nullable
            Integer expiresInS) {}

    /** Body of {@code PATCH}. */
    public record MemberChange(
            @Says(
                    required = true,
                    values = {"admin", "member", "guest"})
            @Nullable
            String role) {}
}
