// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.orgs;

import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.directory.Directory;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.Membership;
import io.nvremote.directory.Org;
import io.nvremote.directory.Role;
import io.nvremote.rest.CallerContext;
import io.nvremote.rest.CallerRole;
import io.nvremote.rest.Fields;
import io.nvremote.rest.Items;
import io.nvremote.rest.MembershipView;
import io.nvremote.rest.Operation;
import io.nvremote.rest.Page;
import io.nvremote.rest.Preconditions;
import io.nvremote.rest.RestResource;
import io.nvremote.rest.Rights;
import io.nvremote.rest.Says;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.PUT;
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

/** {@code /orgs}: organisations. */
@Component(service = OrgResource.class)
@RestResource
@Path("/orgs")
@Produces(MediaType.APPLICATION_JSON)
public final class OrgResource {

    private final Directory directory;
    private final Rights rights;
    private final Preconditions preconditions;

    @Activate
    public OrgResource(
            @Reference Directory directory, @Reference Rights rights, @Reference Preconditions preconditions) {
        this.directory = directory;
        this.rights = rights;
        this.preconditions = preconditions;
    }

    @POST
    @Operation(
            id = "createOrg",
            role = CallerRole.USER,
            summary = "Makes an organisation; the caller becomes its admin",
            status = 201,
            answers = "The organisation",
            body = OrgView.class,
            problems = 409)
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(@Nullable NewOrg body, @Context SecurityContext security, @Context HttpServletRequest http) {
        NewOrg wanted = Fields.body(body);
        Org org = directory.createOrg(
                CallerContext.caller(security).user(),
                Fields.text("name", wanted.name(), 255),
                Fields.text("slug", wanted.slug(), 63),
                CallerContext.actor(security, http));
        return Response.status(Response.Status.CREATED)
                .entity(OrgView.of(org, Role.ADMIN))
                .build();
    }

    @GET
    @Operation(id = "listOrgs", role = CallerRole.USER, summary = "The caller's organisations", answers = "Memberships")
    public Items<MembershipView> list(
            @Says(value = "most items, 100 if not given", pattern = "^([1-9][0-9]?|100)$")
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @Says("next of the page before") @QueryParam("cursor") @Nullable String cursor,
            @Context SecurityContext security) {
        Page page = Page.of(limit, cursor);
        return page.itemsOfAll(
                directory.memberships(CallerContext.caller(security).user()), Membership::org, MembershipView::of);
    }

    @GET
    @Operation(
            id = "org",
            role = CallerRole.MEMBER,
            summary = "One organisation; members and admins",
            answers = "The organisation",
            problems = {403, 404})
    @Path("/{org}")
    public OrgView one(
            @Says(value = "the organisation", format = "uuid") @PathParam("org") String id,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        OrgId org = OrgId.of(id);
        Role role = rights.require(org, Role.MEMBER, security, http);
        return OrgView.of(
                directory
                        .org(org)
                        .orElseThrow(() -> new StreamException(DirectoryError.ORG_UNKNOWN, "no such organisation")),
                role);
    }

    @PUT
    @Operation(
            id = "updateOrg",
            role = CallerRole.ADMIN,
            summary = "Gives the organisation another name and slug; admins, with If-Match",
            answers = "The organisation",
            problems = {403, 404, 409, 412, 428})
    @Path("/{org}")
    @Consumes(MediaType.APPLICATION_JSON)
    public OrgView update(
            @Says(value = "the organisation", format = "uuid") @PathParam("org") String id,
            @Nullable NewOrg body,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        OrgId org = OrgId.of(id);
        Role role = rights.require(org, Role.ADMIN, security, http);
        NewOrg wanted = Fields.body(body);
        return OrgView.of(
                directory.updateOrg(
                        org,
                        Fields.text("name", wanted.name(), 255),
                        Fields.text("slug", wanted.slug(), 63),
                        now -> preconditions.ifMatch(http, OrgView.of(now, role)),
                        CallerContext.actor(security, http)),
                role);
    }

    /** Body of {@code POST /orgs} and {@code PUT /orgs/{org}}. */
    public record NewOrg(
            @Says(required = true, most = 255) @Nullable String name,

            @Says(required = true, pattern = "^[a-z0-9][a-z0-9-]*[a-z0-9]$", most = 63) @Nullable
            String slug) {}
}
