// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.auth;

import io.nvremote.auth.Caller;
import io.nvremote.core.StreamException;
import io.nvremote.directory.Directory;
import io.nvremote.directory.DirectoryError;
import io.nvremote.rest.CallerContext;
import io.nvremote.rest.MembershipView;
import io.nvremote.rest.Operation;
import io.nvremote.rest.RestResource;
import io.nvremote.rest.UserView;
import java.util.List;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code /users}: the caller. */
@Component(service = UserResource.class)
@RestResource
@Path("/users")
@Produces(MediaType.APPLICATION_JSON)
public final class UserResource {

    private final Directory directory;

    @Activate
    public UserResource(@Reference Directory directory) {
        this.directory = directory;
    }

    @GET
    @Operation(id = "me", summary = "The caller and its memberships", answers = "The caller")
    @Path("/me")
    public MeView me(@Context SecurityContext security) {
        Caller caller = CallerContext.caller(security);
        return new MeView(
                UserView.of(directory
                        .user(caller.user())
                        .orElseThrow(() -> new StreamException(DirectoryError.USER_UNKNOWN, "the user is gone"))),
                directory.memberships(caller.user()).stream()
                        .map(MembershipView::of)
                        .toList());
    }

    /** The caller, and where they belong. */
    public record MeView(UserView user, List<MembershipView> memberships) {}
}
