// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import io.nvremote.auth.Caller;
import io.nvremote.core.Actor;
import io.nvremote.core.OrgId;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.directory.BootstrapToken;
import io.nvremote.directory.Directory;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.Enrolled;
import io.nvremote.directory.Enrolment;
import io.nvremote.directory.HostApplication;
import io.nvremote.directory.Role;
import java.time.Duration;
import java.util.Map;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.GET;
import javax.ws.rs.HeaderParam;
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

/** {@code /orgs/{org}/hosts}: the hosts of an organisation, and how a machine becomes one. */
@Component(service = OrgHostResource.class)
@JaxrsResource
@JaxrsApplicationSelect("(osgi.jaxrs.name=nvremote)")
@JaxrsExtensionSelect({
    "(osgi.jaxrs.name=nvremote.json)",
    "(osgi.jaxrs.name=nvremote.errors)",
    "(osgi.jaxrs.name=nvremote.guard)"
})
@Path("/orgs/{org}/hosts")
@Produces(MediaType.APPLICATION_JSON)
public final class OrgHostResource {

    private static final String SCHEME = "Bootstrap ";

    private final Directory directory;
    private final Enrolment enrolment;
    private final Rights rights;

    @Activate
    public OrgHostResource(@Reference Directory directory, @Reference Enrolment enrolment, @Reference Rights rights) {
        this.directory = directory;
        this.enrolment = enrolment;
        this.rights = rights;
    }

    @GET
    public Views.ItemsView list(
            @PathParam("org") String id, @Context SecurityContext security, @Context HttpServletRequest http) {
        OrgId org = OrgId.of(id);
        Role role = rights.require(
                CallerContext.caller(security).user(), org, Role.GUEST, CallerContext.actor(security, http));
        return new Views.ItemsView(directory.hosts(org).stream()
                .map(host -> Views.host(host, role))
                .toList());
    }

    /** Authenticated by the bootstrap token, not by an access token. */
    @POST
    @Open
    @Consumes(MediaType.APPLICATION_JSON)
    public Response register(
            @PathParam("org") String id,
            @HeaderParam("Authorization") @Nullable String authorization,
            @Nullable Registration body,
            @Context HttpServletRequest http) {
        if (authorization == null || !authorization.startsWith(SCHEME)) {
            throw new StreamException(
                    DirectoryError.TOKEN_REFUSED, "the request has no Authorization: Bootstrap header");
        }
        Registration wanted = Fields.body(body);
        Enrolled enrolled = enrolment.redeem(
                OrgId.of(id),
                new Secret(authorization.substring(SCHEME.length()).strip()),
                new HostApplication(
                        Fields.text("hostname", wanted.hostname(), 255),
                        Fields.text("csr", wanted.csr(), 16 * 1024),
                        facts("os_info", wanted.osInfo()),
                        facts("gpu_info", wanted.gpuInfo()),
                        wanted.agentVersion()),
                CallerContext.anonymous(http));
        return Response.status(Response.Status.CREATED)
                .entity(new Registered(
                        enrolled.host().toString(),
                        enrolled.certificatePem(),
                        enrolled.caPem(),
                        enrolled.expiresAt().toString()))
                .build();
    }

    @POST
    @Path("/bootstrap-token")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response bootstrapToken(
            @PathParam("org") String id,
            @Nullable TokenBody body,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        OrgId org = OrgId.of(id);
        Actor actor = CallerContext.actor(security, http);
        Caller caller = CallerContext.caller(security);
        rights.require(caller.user(), org, Role.ADMIN, actor);
        Long seconds = Fields.body(body).expiresInSeconds();
        BootstrapToken token = enrolment.issue(
                org, caller.user(), seconds == null ? Enrolment.TOKEN_LIFE : Duration.ofSeconds(seconds), actor);
        return Response.status(Response.Status.CREATED)
                .entity(new TokenView(
                        token.id().toString(),
                        token.text().reveal(),
                        token.expiresAt().toString()))
                .build();
    }

    private static Map<String, String> facts(String name, @Nullable Map<String, String> facts) {
        if (facts == null) {
            return Map.of();
        }
        if (facts.size() > 16) {
            throw new StreamException(RestError.FIELD_INVALID, name + " has more than 16 entries");
        }
        facts.forEach((key, value) -> Fields.text(name + "." + Fields.text(name, key, 64), value, 255));
        return facts;
    }

    /** Body of {@code POST /orgs/{org}/hosts}. */
    public record Registration(
            @Nullable String hostname,
            @Nullable String csr,
            @Nullable Map<String, String> osInfo,
            @Nullable Map<String, String> gpuInfo,
            @Nullable String agentVersion) {}

    /** A host's identity. */
    public record Registered(String hostId, String certificate, String ca, String expiresAt) {}

    /** Body of {@code POST /orgs/{org}/hosts/bootstrap-token}; null: 24 h. */
    public record TokenBody(@Nullable Long expiresInSeconds) {}

    /** A bootstrap token; its text is shown this once. */
    public record TokenView(String id, String token, String expiresAt) {}
}
