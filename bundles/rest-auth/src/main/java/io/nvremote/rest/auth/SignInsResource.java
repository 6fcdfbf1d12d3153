// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.auth;

import io.nvremote.auth.Caller;
import io.nvremote.auth.SignIn;
import io.nvremote.auth.SignInEntry;
import io.nvremote.core.UuidV7;
import io.nvremote.rest.CallerContext;
import io.nvremote.rest.CallerRole;
import io.nvremote.rest.Items;
import io.nvremote.rest.Operation;
import io.nvremote.rest.Page;
import io.nvremote.rest.RestResource;
import io.nvremote.rest.Says;
import java.util.UUID;
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

/** {@code /users/me/sign-ins}: where the caller is signed in. What is ended closes its sockets and streams, too. */
@Component(service = SignInsResource.class)
@RestResource
@Path("/users/me/sign-ins")
@Produces(MediaType.APPLICATION_JSON)
public final class SignInsResource {

    private final SignIn signIn;

    @Activate
    public SignInsResource(@Reference SignIn signIn) {
        this.signIn = signIn;
    }

    @GET
    @Operation(
            id = "listSignIns",
            role = CallerRole.USER,
            summary = "Where the caller is signed in",
            answers = "Sign-ins")
    public Items<SignInView> list(
            @Says(value = "most items, 100 if not given", pattern = "^([1-9][0-9]?|100)$")
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @Says("next of the page before") @QueryParam("cursor") @Nullable String cursor,
            @Context SecurityContext security) {
        Caller caller = CallerContext.caller(security);
        Page page = Page.of(limit, cursor);
        UUID after = page.after() == null ? null : UuidV7.parse("cursor", page.after());
        return page.items(
                signIn.of(caller.user(), after, page.size()),
                SignInEntry::id,
                entry -> SignInView.of(entry, entry.id().equals(caller.signIn())));
    }

    @DELETE
    @Operation(
            id = "endSignIn",
            role = CallerRole.USER,
            summary = "Ends one of the caller's sign-ins",
            status = 204,
            answers = "Ended",
            problems = 404)
    @Path("/{sign_in}")
    public Response end(
            @Says(value = "the sign-in", format = "uuid") @PathParam("sign_in") String id,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        signIn.end(
                CallerContext.caller(security).user(),
                UuidV7.parse("sign-in id", id),
                CallerContext.actor(security, http));
        return Response.noContent().build();
    }

    @DELETE
    @Operation(
            id = "endAllSignIns",
            role = CallerRole.USER,
            summary = "Ends all of the caller's sign-ins, that of this request too",
            status = 204,
            answers = "Ended")
    public Response endAll(@Context SecurityContext security, @Context HttpServletRequest http) {
        signIn.endAll(CallerContext.caller(security).user(), "by_user", CallerContext.actor(security, http));
        return Response.noContent().build();
    }

    /** A living sign-in. */
    public record SignInView(
            @Says(format = "uuid") String id,
            @Says("that of this request") boolean current,
            @Says(format = "date-time") String since,

            @Says(value = "when its tokens were last made", format = "date-time")
            String usedAt,

            @Says(format = "date-time") String expiresAt,
            @Says("where it was last used from") @Nullable String address,
            @Says("what called itself so then") @Nullable String agent) {

        static SignInView of(SignInEntry entry, boolean current) {
            return new SignInView(
                    entry.id().toString(),
                    current,
                    entry.since().toString(),
                    entry.usedAt().toString(),
                    entry.expiresAt().toString(),
                    entry.address(),
                    entry.agent());
        }
    }
}
