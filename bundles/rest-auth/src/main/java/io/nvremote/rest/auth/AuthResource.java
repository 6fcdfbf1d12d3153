// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.auth;

import io.nvremote.auth.SignIn;
import io.nvremote.auth.SignInRequest;
import io.nvremote.auth.SignedIn;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.directory.Directory;
import io.nvremote.directory.DirectoryError;
import io.nvremote.rest.CallerContext;
import io.nvremote.rest.Fields;
import io.nvremote.rest.HtmlErrors;
import io.nvremote.rest.Open;
import io.nvremote.rest.Operation;
import io.nvremote.rest.RestResource;
import io.nvremote.rest.Says;
import io.nvremote.rest.UserView;
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

/** {@code /auth}: signing in, staying signed in, signing out. */
@Component(service = AuthResource.class)
@RestResource
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
    @Operation(
            id = "authorize",
            summary = "Begins a sign-in of a native client (RFC 8252, PKCE S256): redirects to the identity provider",
            status = 302,
            answers = "To the identity provider",
            problems = {502, 503})
    @Open
    @HtmlErrors
    @Path("/authorize")
    @Produces({MediaType.TEXT_HTML, MediaType.APPLICATION_JSON})
    public Response authorize(
            @Says(value = "code", required = true) @QueryParam("response_type") @Nullable String responseType,
            @Says(value = "nvremote-client", required = true) @QueryParam("client_id") @Nullable String clientId,
            @Says(value = "http://127.0.0.1:PORT/… or http://[::1]:PORT/…", required = true)
                    @QueryParam("redirect_uri")
                    @Nullable
                    String redirectUri,
            @Says(value = "base64url of SHA-256 of the verifier", required = true)
                    @QueryParam("code_challenge")
                    @Nullable
                    String challenge,
            @Says(value = "S256", required = true) @QueryParam("code_challenge_method") @Nullable String method,
            @Says(value = "8 to 512 characters, returned as they are", required = true) @QueryParam("state") @Nullable
                    String state,
            @Context HttpServletRequest http) {
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
    }

    @GET
    @Operation(
            id = "callback",
            summary =
                    "Where the identity provider sends the browser back to: redirects to the client with a one-time code",
            status = 302,
            answers = "To the client's redirect_uri with code, state and iss",
            problems = {403, 502, 503})
    @Open
    @HtmlErrors
    @Path("/callback")
    @Produces({MediaType.TEXT_HTML, MediaType.APPLICATION_JSON})
    public Response callback(
            @Says(value = "from the authorization request", required = true) @QueryParam("state") @Nullable
                    String state,
            @Says(value = "of the identity provider") @QueryParam("code") @Nullable String code,
            @Says(value = "of the identity provider") @QueryParam("error") @Nullable String error,
            @Says("of the identity provider, why") @QueryParam("error_description") @Nullable String description,
            @Context HttpServletRequest http) {
        return Response.status(Response.Status.FOUND)
                .location(signIn.complete(
                        Fields.text("state", state, MAX_PARAMETER),
                        code,
                        error,
                        description,
                        CallerContext.anonymous(http)))
                .build();
    }

    /** Named as the original names it; the issuer is the configured one, Google or another. */
    @POST
    @Operation(
            id = "exchangeCode",
            summary = "Exchanges the one-time code for tokens, whichever issuer is configured",
            answers = "Tokens",
            problems = 403)
    @Open
    @Path("/google")
    @Consumes(MediaType.APPLICATION_JSON)
    public Tokens exchange(@Nullable CodeExchange body, @Context HttpServletRequest http) {
        CodeExchange exchange = Fields.body(body);
        return tokens(signIn.exchange(
                Fields.secret("code", exchange.code(), 128).reveal(),
                Fields.secret("code_verifier", exchange.codeVerifier(), 128),
                Fields.text("redirect_uri", exchange.redirectUri(), MAX_PARAMETER),
                CallerContext.anonymous(http)));
    }

    @POST
    @Operation(
            id = "refresh",
            summary = "Trades a refresh token for new tokens; a second use revokes the whole sign-in",
            answers = "Tokens",
            problems = {401, 403})
    @Open
    @Path("/refresh")
    @Consumes(MediaType.APPLICATION_JSON)
    public Tokens refresh(@Nullable RefreshToken body, @Context HttpServletRequest http) {
        Secret token = token(body);
        Secret attempt = Fields.body(body).attempt();
        return tokens(signIn.refresh(
                token, attempt == null ? null : Fields.secret("attempt", attempt, 128), CallerContext.anonymous(http)));
    }

    @POST
    @Operation(
            id = "logout",
            summary = "Ends the sign-in that the refresh token belongs to",
            status = 204,
            answers = "Ended")
    @Open
    @Path("/logout")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response logout(@Nullable RefreshToken body, @Context HttpServletRequest http) {
        signIn.signOut(token(body), CallerContext.anonymous(http));
        return Response.noContent().build();
    }

    private static Secret token(@Nullable RefreshToken body) {
        return Fields.secret("refresh_token", Fields.body(body).refreshToken(), 128);
    }

    private Tokens tokens(SignedIn signed) {
        return new Tokens(
                signed.accessToken(),
                signed.refreshToken(),
                signed.expiresIn().toSeconds(),
                "Bearer",
                UserView.of(directory
                        .user(signed.user())
                        .orElseThrow(() -> new StreamException(DirectoryError.USER_UNKNOWN, "the user is gone"))));
    }

    /** Body of {@code POST /auth/google}. */
    public record CodeExchange(
            @Says(required = true) @Nullable Secret code,
            @Says(required = true) @Nullable Secret codeVerifier,
            @Says(required = true) @Nullable String redirectUri) {}

    /** Body of {@code POST /auth/refresh} and {@code /auth/logout}; {@code attempt} makes a refresh repeatable. */
    public record RefreshToken(
            @Says(required = true) @Nullable Secret refreshToken,

            @Says(
                    value = "A secret of this try, base64url: repeated, it gives the same tokens again",
                    least = 43,
                    most = 128)
            @Nullable
            Secret attempt) {}

    /** A pair of tokens and whom they are for. */
    public record Tokens(
            Secret accessToken,
            Secret refreshToken,
            long expiresIn,
            @Says(values = "Bearer") String tokenType,
            UserView user) {}
}
