// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.hosts;

import io.nvremote.auth.Caller;
import io.nvremote.core.Actor;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.directory.AddressBlock;
import io.nvremote.directory.BootstrapToken;
import io.nvremote.directory.Directory;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.Enrolled;
import io.nvremote.directory.Enrolment;
import io.nvremote.directory.Host;
import io.nvremote.directory.HostApplication;
import io.nvremote.directory.Role;
import io.nvremote.directory.TokenTerms;
import io.nvremote.rest.CallerContext;
import io.nvremote.rest.CallerRole;
import io.nvremote.rest.Fields;
import io.nvremote.rest.Items;
import io.nvremote.rest.Open;
import io.nvremote.rest.Operation;
import io.nvremote.rest.Page;
import io.nvremote.rest.RestError;
import io.nvremote.rest.RestResource;
import io.nvremote.rest.Rights;
import io.nvremote.rest.Says;
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
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code /orgs/{org}/hosts}: the hosts of an organisation, and how a machine becomes one. */
@Component(service = OrgHostResource.class)
@RestResource
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
    @Operation(
            id = "listHosts",
            role = CallerRole.GUEST,
            summary = "The organisation's hosts; guests see names and states only",
            answers = "Hosts",
            problems = 404)
    public Items<HostViews.HostView> list(
            @Says(value = "the organisation", format = "uuid") @PathParam("org") String id,
            @Says(value = "most items, 100 if not given", pattern = "^([1-9][0-9]?|100)$")
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @Says("next of the page before") @QueryParam("cursor") @Nullable String cursor,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        OrgId org = OrgId.of(id);
        Page page = Page.of(limit, cursor);
        Role role = rights.require(org, Role.GUEST, security, http);
        HostId after = page.after() == null ? null : HostId.of(page.after());
        return page.items(directory.hosts(org, after, page.size()), Host::id, host -> HostViews.host(host, role));
    }

    /** Authenticated by the bootstrap token, not by an access token. */
    @POST
    @Operation(
            id = "registerHost",
            summary = "Enrols a host by bootstrap token and certificate request",
            status = 201,
            answers = "The host's identity",
            body = Registered.class,
            problems = 401)
    @Open(scheme = "bootstrap")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response register(
            @Says(value = "the organisation", format = "uuid") @PathParam("org") String id,
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
                .entity(Registered.of(enrolled))
                .build();
    }

    @POST
    @Operation(
            id = "createBootstrapToken",
            role = CallerRole.ADMIN,
            summary = "Makes a single-use token that enrols one host; admins",
            status = 201,
            answers = "The token, shown this once",
            body = BootstrapTokenView.class,
            problems = {403, 404})
    @Path("/bootstrap-token")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response bootstrapToken(
            @Says(value = "the organisation", format = "uuid") @PathParam("org") String id,
            @Nullable TokenBody body,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        OrgId org = OrgId.of(id);
        Actor actor = CallerContext.actor(security, http);
        Caller caller = CallerContext.caller(security);
        rights.require(caller.user(), org, Role.ADMIN, actor);
        BootstrapToken token = enrolment.issue(org, caller.user(), terms(Fields.body(body)), actor);
        return Response.status(Response.Status.CREATED)
                .entity(new BootstrapTokenView(
                        token.id().toString(), token.text(), token.expiresAt().toString()))
                .build();
    }

    private static TokenTerms terms(TokenBody body) {
        Long seconds = body.expiresInSeconds();
        return new TokenTerms(
                seconds == null ? Enrolment.SHORT_TOKEN_LIFE : Duration.ofSeconds(seconds),
                body.hostname() == null ? null : Fields.text("hostname", body.hostname(), 255),
                body.network() == null ? null : AddressBlock.parse(Fields.text("network", body.network(), 49)));
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
            @Says(required = true, most = 255) @Nullable String hostname,

            @Says(value = "PKCS#10 in PEM", required = true) @Nullable
            String csr,

            @Says(most = 16) @Nullable Map<String, String> osInfo,
            @Says(most = 16) @Nullable Map<String, String> gpuInfo,
            @Nullable String agentVersion) {}

    /** A host's identity. */
    public record Registered(
            @Says(format = "uuid") String hostId,
            String certificate,
            String ca,
            @Says(format = "date-time") String expiresAt) {

        static Registered of(Enrolled enrolled) {
            return new Registered(
                    enrolled.host().toString(),
                    enrolled.certificatePem(),
                    enrolled.caPem(),
                    enrolled.expiresAt().toString());
        }
    }

    /** Body of {@code POST /orgs/{org}/hosts/bootstrap-token}. */
    public record TokenBody(
            @Says(value = "900 if not given", least = 60, most = 86400) @Nullable
            Long expiresInSeconds,

            @Says(value = "for a machine of this name only", most = 255) @Nullable
            String hostname,

            @Says(value = "for a machine of this network only, as 10.0.0.0/8", most = 49) @Nullable
            String network) {}

    /** A bootstrap token; its text is shown this once. */
    public record BootstrapTokenView(
            @Says(format = "uuid") String id,
            Secret token,
            @Says(format = "date-time") String expiresAt) {}
}
