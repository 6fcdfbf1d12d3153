// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.tokens;

import io.nvremote.core.OrgId;
import io.nvremote.core.UuidV7;
import io.nvremote.directory.Enrolment;
import io.nvremote.directory.Role;
import io.nvremote.directory.TokenEntry;
import io.nvremote.rest.CallerContext;
import io.nvremote.rest.CallerRole;
import io.nvremote.rest.Items;
import io.nvremote.rest.Operation;
import io.nvremote.rest.Page;
import io.nvremote.rest.RestResource;
import io.nvremote.rest.Rights;
import io.nvremote.rest.Says;
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

/** {@code /orgs/{org}/bootstrap-tokens}: what became of them, and how they are taken back. They are made below {@code /hosts}. */
@Component(service = BootstrapTokenResource.class)
@RestResource
@Path("/orgs/{org}/bootstrap-tokens")
@Produces(MediaType.APPLICATION_JSON)
public final class BootstrapTokenResource {

    private final Enrolment enrolment;
    private final Rights rights;

    @Activate
    public BootstrapTokenResource(@Reference Enrolment enrolment, @Reference Rights rights) {
        this.enrolment = enrolment;
        this.rights = rights;
    }

    @GET
    @Operation(
            id = "listBootstrapTokens",
            role = CallerRole.ADMIN,
            summary = "The organisation's bootstrap tokens, without their texts; admins",
            answers = "Bootstrap tokens",
            problems = {403, 404})
    public Items<TokenView> list(
            @Says(value = "the organisation", format = "uuid") @PathParam("org") String id,
            @Says(value = "most items, 100 if not given", pattern = "^([1-9][0-9]?|100)$")
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @Says("next of the page before") @QueryParam("cursor") @Nullable String cursor,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        OrgId org = OrgId.of(id);
        rights.require(org, Role.ADMIN, security, http);
        Page page = Page.of(limit, cursor);
        return page.items(
                enrolment.tokens(org, page.after() == null ? null : UuidV7.parse("cursor", page.after()), page.size()),
                TokenEntry::id,
                TokenView::of);
    }

    @DELETE
    @Operation(
            id = "revokeBootstrapToken",
            role = CallerRole.ADMIN,
            summary = "Takes an unused bootstrap token back; admins",
            status = 204,
            answers = "Revoked",
            problems = {403, 404})
    @Path("/{token}")
    public Response revoke(
            @Says(value = "the organisation", format = "uuid") @PathParam("org") String id,
            @Says(value = "the token", format = "uuid") @PathParam("token") String token,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        OrgId org = OrgId.of(id);
        rights.require(org, Role.ADMIN, security, http);
        enrolment.revokeToken(org, UuidV7.parse("token id", token), CallerContext.actor(security, http));
        return Response.noContent().build();
    }

    /** A bootstrap token, without its text. */
    public record TokenView(
            @Says(format = "uuid") String id,

            @Says(values = {"UNUSED", "USED", "EXPIRED", "REVOKED"})
            String state,

            @Nullable String hostname,
            @Nullable String network,
            @Says(format = "uuid") String createdBy,
            @Says(format = "date-time") String createdAt,
            @Says(format = "date-time") String expiresAt,

            @Says(value = "the host that it made", format = "uuid") @Nullable
            String usedBy) {

        static TokenView of(TokenEntry entry) {
            return new TokenView(
                    entry.id().toString(),
                    entry.state().name(),
                    entry.hostname(),
                    entry.network(),
                    entry.by().toString(),
                    entry.createdAt().toString(),
                    entry.expiresAt().toString(),
                    entry.usedBy() == null ? null : entry.usedBy().toString());
        }
    }
}
