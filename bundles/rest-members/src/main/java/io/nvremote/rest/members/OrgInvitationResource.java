// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.members;

import io.nvremote.core.OrgId;
import io.nvremote.core.UuidV7;
import io.nvremote.directory.Invitation;
import io.nvremote.directory.Members;
import io.nvremote.directory.Role;
import io.nvremote.rest.CallerContext;
import io.nvremote.rest.CallerRole;
import io.nvremote.rest.Items;
import io.nvremote.rest.Operation;
import io.nvremote.rest.Page;
import io.nvremote.rest.RestResource;
import io.nvremote.rest.Rights;
import io.nvremote.rest.Says;
import io.nvremote.rest.members.MemberViews.InvitationView;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
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

/** {@code /orgs/{org}/invitations}: for who invites. */
@Component(service = OrgInvitationResource.class)
@RestResource
@Path("/orgs/{org}/invitations")
@Produces(MediaType.APPLICATION_JSON)
public final class OrgInvitationResource {

    private final Members members;
    private final Rights rights;

    @Activate
    public OrgInvitationResource(@Reference Members members, @Reference Rights rights) {
        this.members = members;
        this.rights = rights;
    }

    @GET
    @Operation(
            id = "listInvitations",
            role = CallerRole.ADMIN,
            summary = "An organisation's open invitations; admins",
            answers = "Invitations",
            problems = {403, 404})
    public Items<InvitationView> ofOrg(
            @Says(value = "the organisation", format = "uuid") @PathParam("org") String id,
            @Says(value = "most items, 100 if not given", pattern = "^([1-9][0-9]?|100)$")
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @Says("next of the page before") @QueryParam("cursor") @Nullable String cursor,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        OrgId org = allowed(id, security, http);
        Page page = Page.of(limit, cursor);
        return page.items(
                members.invitations(
                        org, page.after() == null ? null : UuidV7.parse("cursor", page.after()), page.size()),
                Invitation::id,
                InvitationView::of);
    }

    @DELETE
    @Operation(
            id = "revokeInvitation",
            role = CallerRole.ADMIN,
            summary = "Takes an open invitation back; admins",
            status = 204,
            answers = "Revoked",
            problems = {403, 404})
    @Path("/{invitation}")
    public Response revoke(
            @Says(value = "the organisation", format = "uuid") @PathParam("org") String id,
            @Says(value = "the invitation", format = "uuid") @PathParam("invitation") String invitation,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        OrgId org = allowed(id, security, http);
        members.revoke(org, UuidV7.parse("invitation id", invitation), CallerContext.actor(security, http));
        return Response.noContent().build();
    }

    private OrgId allowed(String id, SecurityContext security, HttpServletRequest http) {
        OrgId org = OrgId.of(id);
        rights.require(org, Role.ADMIN, security, http);
        return org;
    }
}
