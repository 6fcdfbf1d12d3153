// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import io.nvremote.auth.Caller;
import io.nvremote.core.HostId;
import io.nvremote.core.StreamException;
import io.nvremote.directory.Directory;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.Host;
import io.nvremote.directory.Role;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationSelect;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsExtensionSelect;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsResource;

/** {@code /hosts}: looking at one host. */
@Component(service = HostResource.class)
@JaxrsResource
@JaxrsApplicationSelect("(osgi.jaxrs.name=nvremote)")
@JaxrsExtensionSelect({
    "(osgi.jaxrs.name=nvremote.json)",
    "(osgi.jaxrs.name=nvremote.errors)",
    "(osgi.jaxrs.name=nvremote.guard)"
})
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
    @Path("/{host}")
    public Views.HostView one(
            @PathParam("host") String id, @Context SecurityContext security, @Context HttpServletRequest http) {
        return Views.host(visible(id, security, http), Role.MEMBER);
    }

    @GET
    @Path("/{host}/status")
    public Views.StatusView status(
            @PathParam("host") String id, @Context SecurityContext security, @Context HttpServletRequest http) {
        return Views.status(visible(id, security, http));
    }

    private Host visible(String id, SecurityContext security, HttpServletRequest http) {
        Caller caller = CallerContext.caller(security);
        Host host = directory
                .hostVisibleTo(caller.user(), HostId.of(id))
                .orElseThrow(() -> new StreamException(DirectoryError.HOST_UNKNOWN, "no such host"));
        rights.require(caller.user(), host.org(), Role.MEMBER, CallerContext.actor(security, http));
        return host;
    }
}
