// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.members;

import io.nvremote.core.UuidV7;
import io.nvremote.directory.Invitation;
import io.nvremote.directory.Members;
import io.nvremote.rest.CallerContext;
import io.nvremote.rest.CallerRole;
import io.nvremote.rest.Items;
import io.nvremote.rest.Operation;
import io.nvremote.rest.Page;
import io.nvremote.rest.RestResource;
import io.nvremote.rest.Says;
import io.nvremote.rest.members.MemberViews.InvitationView;
import io.nvremote.rest.members.MemberViews.MemberView;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.GET;
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

/** {@code /invitations}: for who was invited. */
@Component(service = InvitationResource.class)
@RestResource
@Path("/invitations")
@Produces(MediaType.APPLICATION_JSON)
public final class InvitationResource {

    private static final String WHAT = "invitation id";

    private final Members members;

    @Activate
    public InvitationResource(@Reference Members members) {
        this.members = members;
    }

    @GET
    @Operation(
            id = "ownInvitations",
            role = CallerRole.USER,
            summary = "Open invitations of the caller's address",
            answers = "Invitations")
    public Items<InvitationView> own(
            @Says(value = "most items, 100 if not given", pattern = "^([1-9][0-9]?|100)$")
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @Says("next of the page before") @QueryParam("cursor") @Nullable String cursor,
            @Context SecurityContext security) {
        return Page.of(limit, cursor)
                .itemsOfAll(
                        members.invitationsOf(CallerContext.caller(security).user()),
                        Invitation::id,
                        InvitationView::of);
    }

    @POST
    @Operation(
            id = "acceptInvitation",
            role = CallerRole.USER,
            summary = "Makes the caller a member; only for the invited address",
            answers = "The membership",
            problems = 404)
    @Path("/{invitation}/accept")
    public MemberView accept(
            @Says(value = "the invitation", format = "uuid") @PathParam("invitation") String invitation,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        return MemberView.of(members.accept(
                CallerContext.caller(security).user(),
                UuidV7.parse(WHAT, invitation),
                CallerContext.actor(security, http)));
    }

    @POST
    @Operation(
            id = "declineInvitation",
            role = CallerRole.USER,
            summary = "Ends an invitation without accepting it; only for the invited address",
            status = 204,
            answers = "Declined",
            problems = 404)
    @Path("/{invitation}/decline")
    public Response decline(
            @Says(value = "the invitation", format = "uuid") @PathParam("invitation") String invitation,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        members.decline(
                CallerContext.caller(security).user(),
                UuidV7.parse(WHAT, invitation),
                CallerContext.actor(security, http));
        return Response.noContent().build();
    }
}
