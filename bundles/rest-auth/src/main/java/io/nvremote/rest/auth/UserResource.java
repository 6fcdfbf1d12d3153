// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.auth;

import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.directory.Directory;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.Membership;
import io.nvremote.directory.User;
import io.nvremote.rest.CallerContext;
import io.nvremote.rest.CallerRole;
import io.nvremote.rest.Fields;
import io.nvremote.rest.MembershipView;
import io.nvremote.rest.Operation;
import io.nvremote.rest.Preconditions;
import io.nvremote.rest.RestError;
import io.nvremote.rest.RestResource;
import io.nvremote.rest.Says;
import io.nvremote.rest.UserView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.GET;
import javax.ws.rs.PUT;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;
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
    private final Preconditions preconditions;

    @Activate
    public UserResource(@Reference Directory directory, @Reference Preconditions preconditions) {
        this.directory = directory;
        this.preconditions = preconditions;
    }

    @GET
    @Operation(id = "me", role = CallerRole.USER, summary = "The caller and its memberships", answers = "The caller")
    @Path("/me")
    public MeView me(@Context SecurityContext security) {
        UserId caller = CallerContext.caller(security).user();
        return MeView.of(
                directory
                        .user(caller)
                        .orElseThrow(() -> new StreamException(DirectoryError.USER_UNKNOWN, "the user is gone")),
                directory.memberships(caller));
    }

    @PUT
    @Operation(
            id = "updateMe",
            role = CallerRole.USER,
            summary = "Gives the caller another name and other preferences; with If-Match",
            answers = "The caller",
            problems = {403, 412, 428})
    @Path("/me")
    @Consumes(MediaType.APPLICATION_JSON)
    public MeView update(@Nullable Profile body, @Context SecurityContext security, @Context HttpServletRequest http) {
        UserId caller = CallerContext.caller(security).user();
        Profile wanted = Fields.body(body);
        String name = Fields.text("name", wanted.name(), 255);
        Map<String, String> preferences = preferences(wanted.preferences());
        // Read before: a second connection, asked for within the change, could be waited for by as many changes as
        // there are.
        List<Membership> memberships = directory.memberships(caller);
        User changed = directory.updateUser(
                caller,
                name,
                preferences,
                now -> preconditions.ifMatch(http, MeView.of(now, memberships)),
                CallerContext.actor(security, http));
        return MeView.of(changed, memberships);
    }

    private static Map<String, String> preferences(@Nullable Map<String, @Nullable String> wanted) {
        if (wanted == null) {
            throw new StreamException(RestError.FIELD_INVALID, "preferences is missing; {} for none");
        }
        Map<String, String> preferences = new HashMap<>();
        wanted.forEach((key, value) -> {
            if (value == null) {
                throw new StreamException(RestError.FIELD_INVALID, "preferences has null where a text must be");
            }
            preferences.put(key, value);
        });
        return preferences;
    }

    /** Body of {@code PUT}. */
    public record Profile(
            @Says(required = true, most = 255) @Nullable String name,

            @Says(
                    value = "what the person's clients keep, all of it; keys of 1 to 64 letters, digits and . _ -",
                    required = true,
                    most = 64)
            @Nullable
            Map<String, @Nullable String> preferences) {}

    /** The caller, and where they belong. */
    public record MeView(UserView user, Map<String, String> preferences, List<MembershipView> memberships) {

        public MeView {
            preferences = new TreeMap<>(preferences); // in one order: the ETag is made of the bytes
        }

        static MeView of(User user, List<Membership> memberships) {
            return new MeView(
                    UserView.of(user),
                    user.preferences(),
                    memberships.stream().map(MembershipView::of).toList());
        }
    }
}
