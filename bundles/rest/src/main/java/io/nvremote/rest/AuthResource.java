// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import io.nvremote.auth.SignIn;
import io.nvremote.auth.SignInRequest;
import io.nvremote.auth.SignedIn;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.directory.Directory;
import io.nvremote.directory.DirectoryError;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationSelect;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsExtensionSelect;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsResource;

/** {@code /auth}: signing in, staying signed in, signing out. */
@Component(service = AuthResource.class)
@JaxrsResource
@JaxrsApplicationSelect("(osgi.jaxrs.name=nvremote)")
@JaxrsExtensionSelect({
    "(osgi.jaxrs.name=nvremote.json)",
    "(osgi.jaxrs.name=nvremote.errors)",
    "(osgi.jaxrs.name=nvremote.guard)"
})
@Path("/auth")
@Produces(MediaType.APPLICATION_JSON)
public final class AuthResource {

    private static final int MAX_PARAMETER = 2048;

    private final SignIn signIn;
    private final Directory directory;

    @Activate
    public AuthResource(@Reference SignIn signIn, @Reference Directory directory) {
        this.signIn = signIn;
        this.directory = directory;
    }

    @GET
    @Open
    @Path("/authorize")
    @Produces({MediaType.TEXT_HTML, MediaType.APPLICATION_JSON})
    public Response authorize(
            @QueryParam("response_type") @Nullable String responseType,
            @QueryParam("client_id") @Nullable String clientId,
            @QueryParam("redirect_uri") @Nullable String redirectUri,
            @QueryParam("code_challenge") @Nullable String challenge,
            @QueryParam("code_challenge_method") @Nullable String method,
            @QueryParam("state") @Nullable String state,
            @Context HttpServletRequest http) {
        try {
            return Response.status(Response.Status.FOUND)
                    .location(signIn.begin(
                            new SignInRequest(
                                    Fields.text("response_type", responseType, MAX_PARAMETER),
                                    Fields.text("client_id", clientId, MAX_PARAMETER),
                                    Fields.text("redirect_uri", redirectUri, MAX_PARAMETER),
                                    Fields.text("code_challenge", challenge, MAX_PARAMETER),
                                    Fields.text("code_challenge_method", method, MAX_PARAMETER),
                                    Fields.text("state", state, MAX_PARAMETER)),
                            CallerContext.anonymous(http)))
                    .build();
        } catch (StreamException e) {
            return ErrorPage.of(e);
        }
    }

    @GET
    @Open
    @Path("/callback")
    @Produces({MediaType.TEXT_HTML, MediaType.APPLICATION_JSON})
    public Response callback(
            @QueryParam("state") @Nullable String state,
            @QueryParam("code") @Nullable String code,
            @QueryParam("error") @Nullable String error,
            @QueryParam("error_description") @Nullable String description,
            @Context HttpServletRequest http) {
        try {
            return Response.status(Response.Status.FOUND)
                    .location(signIn.complete(
                            Fields.text("state", state, MAX_PARAMETER),
                            code,
                            error,
                            description,
                            CallerContext.anonymous(http)))
                    .build();
        } catch (StreamException e) {
            return ErrorPage.of(e);
        }
    }

    /** Named as the original names it; the issuer is the configured one, Google or another. */
    @POST
    @Open
    @Path("/google")
    @Consumes(MediaType.APPLICATION_JSON)
    public Tokens exchange(@Nullable CodeExchange body, @Context HttpServletRequest http) {
        CodeExchange exchange = Fields.body(body);
        return tokens(signIn.exchange(
                Fields.text("code", exchange.code(), 128),
                new Secret(Fields.text("code_verifier", exchange.codeVerifier(), 128)),
                Fields.text("redirect_uri", exchange.redirectUri(), MAX_PARAMETER),
                CallerContext.anonymous(http)));
    }

    @POST
    @Open
    @Path("/refresh")
    @Consumes(MediaType.APPLICATION_JSON)
    public Tokens refresh(@Nullable RefreshToken body, @Context HttpServletRequest http) {
        Secret token = token(body);
        String attempt = Fields.body(body).attempt();
        return tokens(signIn.refresh(
                token,
                attempt == null ? null : new Secret(Fields.text("attempt", attempt, 128)),
                CallerContext.anonymous(http)));
    }

    @POST
    @Open
    @Path("/logout")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response logout(@Nullable RefreshToken body, @Context HttpServletRequest http) {
        signIn.signOut(token(body), CallerContext.anonymous(http));
        return Response.noContent().build();
    }

    private static Secret token(@Nullable RefreshToken body) {
        return new Secret(Fields.text("refresh_token", Fields.body(body).refreshToken(), 128));
    }

    private Tokens tokens(SignedIn signed) {
        return new Tokens(
                signed.accessToken().reveal(),
                signed.refreshToken().reveal(),
                signed.expiresIn().toSeconds(),
                "Bearer",
                Views.user(directory
                        .user(signed.user())
                        .orElseThrow(() -> new StreamException(DirectoryError.USER_UNKNOWN, "the user is gone"))));
    }

    /** Body of {@code POST /auth/google}. */
    public record CodeExchange(
            @Nullable String code,
            @Nullable String codeVerifier,
            @Nullable String redirectUri) {}

    /** Body of {@code POST /auth/refresh} and {@code /auth/logout}; {@code attempt} makes a refresh repeatable. */
    public record RefreshToken(
            @Nullable String refreshToken, @Nullable String attempt) {}

    /** A pair of tokens and whom they are for. */
    public record Tokens(
            String accessToken, String refreshToken, long expiresIn, String tokenType, Views.UserView user) {}
}
