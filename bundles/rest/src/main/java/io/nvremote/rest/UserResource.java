// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import io.nvremote.auth.Caller;
import io.nvremote.core.StreamException;
import io.nvremote.directory.Directory;
import io.nvremote.directory.DirectoryError;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
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

/** {@code /users}: the caller. */
@Component(service = UserResource.class)
@JaxrsResource
@JaxrsApplicationSelect("(osgi.jaxrs.name=nvremote)")
@JaxrsExtensionSelect({
    "(osgi.jaxrs.name=nvremote.json)",
    "(osgi.jaxrs.name=nvremote.errors)",
    "(osgi.jaxrs.name=nvremote.guard)"
})
@Path("/users")
@Produces(MediaType.APPLICATION_JSON)
public final class UserResource {

    private final Directory directory;

    @Activate
    public UserResource(@Reference Directory directory) {
        this.directory = directory;
    }

    @GET
    @Path("/me")
    public Views.MeView me(@Context SecurityContext security) {
        Caller caller = CallerContext.caller(security);
        return new Views.MeView(
                Views.user(directory
                        .user(caller.user())
                        .orElseThrow(() -> new StreamException(DirectoryError.USER_UNKNOWN, "the user is gone"))),
                directory.memberships(caller.user()).stream()
                        .map(Views::membership)
                        .toList());
    }
}
