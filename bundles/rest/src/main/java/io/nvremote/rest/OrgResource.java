// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import io.nvremote.auth.Caller;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.directory.Directory;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.Org;
import io.nvremote.directory.Role;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationSelect;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsExtensionSelect;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsResource;

/** {@code /orgs}: organisations. */
@Component(service = OrgResource.class)
@JaxrsResource
@JaxrsApplicationSelect("(osgi.jaxrs.name=nvremote)")
@JaxrsExtensionSelect({
    "(osgi.jaxrs.name=nvremote.json)",
    "(osgi.jaxrs.name=nvremote.errors)",
    "(osgi.jaxrs.name=nvremote.guard)"
})
@Path("/orgs")
@Produces(MediaType.APPLICATION_JSON)
public final class OrgResource {

    private final Directory directory;
    private final Rights rights;

    @Activate
    public OrgResource(@Reference Directory directory, @Reference Rights rights) {
        this.directory = directory;
        this.rights = rights;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(@Nullable NewOrg body, @Context SecurityContext security, @Context HttpServletRequest http) {
        NewOrg wanted = Fields.body(body);
        Org org = directory.createOrg(
                CallerContext.caller(security).user(),
                Fields.text("name", wanted.name(), 255),
                Fields.text("slug", wanted.slug(), 63),
                CallerContext.actor(security, http));
        return Response.status(Response.Status.CREATED)
                .entity(Views.org(org, Role.ADMIN))
                .build();
    }

    @GET
    public Views.ItemsView list(@Context SecurityContext security) {
        return new Views.ItemsView(
                directory.memberships(CallerContext.caller(security).user()).stream()
                        .map(Views::membership)
                        .toList());
    }

    @GET
    @Path("/{org}")
    public Views.OrgView one(
            @PathParam("org") String id, @Context SecurityContext security, @Context HttpServletRequest http) {
        OrgId org = OrgId.of(id);
        Caller caller = CallerContext.caller(security);
        Role role = rights.require(caller.user(), org, Role.MEMBER, CallerContext.actor(security, http));
        return Views.org(
                directory
                        .org(org)
                        .orElseThrow(() -> new StreamException(DirectoryError.ORG_UNKNOWN, "no such organisation")),
                role);
    }

    /** Body of {@code POST /orgs}. */
    public record NewOrg(@Nullable String name, @Nullable String slug) {}
}
