// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.hosts;

import io.nvremote.core.HostId;
import io.nvremote.core.StreamException;
import io.nvremote.directory.Directory;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.Host;
import io.nvremote.directory.Role;
import io.nvremote.rest.CallerContext;
import io.nvremote.rest.CallerRole;
import io.nvremote.rest.Operation;
import io.nvremote.rest.RestResource;
import io.nvremote.rest.Rights;
import io.nvremote.rest.Says;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
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

/** {@code /hosts}: looking at one host. */
@Component(service = HostResource.class)
@RestResource
@Path("/hosts")
@Produces(MediaType.APPLICATION_JSON)
public final class HostResource {

    private final Directory directory;
    private final Rights rights;

    @Activate
    public HostResource(@Reference Directory directory, @Reference Rights rights) {
        this.directory = directory;
        this.rights = rights;
    }

    @GET
    @Operation(
            id = "host",
            role = CallerRole.MEMBER,
            summary = "One host; members and admins",
            answers = "The host",
            problems = {403, 404})
    @Path("/{host}")
    public HostViews.HostView one(
            @Says(value = "the host", format = "uuid") @PathParam("host") String id,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        return HostViews.host(visible(id, Role.MEMBER, security, http), Role.MEMBER);
    }

    @GET
    @Operation(
            id = "hostStatus",
            role = CallerRole.MEMBER,
            summary = "How a host is now; members and admins",
            answers = "The state",
            problems = {403, 404})
    @Path("/{host}/status")
    public HostViews.HostStatusView status(
            @Says(value = "the host", format = "uuid") @PathParam("host") String id,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        return HostViews.status(visible(id, Role.MEMBER, security, http));
    }

    @DELETE
    @Operation(
            id = "removeHost",
            role = CallerRole.ADMIN,
            summary = "Takes a host out of its organisation and revokes its certificates; admins",
            status = 204,
            answers = "Removed",
            problems = {403, 404})
    @Path("/{host}")
    public Response remove(
            @Says(value = "the host", format = "uuid") @PathParam("host") String id,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        Host host = visible(id, Role.ADMIN, security, http);
        directory.removeHost(host.org(), host.id(), CallerContext.actor(security, http));
        return Response.noContent().build();
    }

    private Host visible(String id, Role needed, SecurityContext security, HttpServletRequest http) {
        Host host = directory
                .hostVisibleTo(CallerContext.caller(security).user(), HostId.of(id))
                .orElseThrow(() -> new StreamException(DirectoryError.HOST_UNKNOWN, "no such host"));
        rights.require(host.org(), needed, security, http);
        return host;
    }
}
