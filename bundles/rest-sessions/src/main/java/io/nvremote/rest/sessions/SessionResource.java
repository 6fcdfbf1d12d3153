// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.sessions;

import io.nvremote.auth.Caller;
import io.nvremote.broker.Broker;
import io.nvremote.broker.SessionQuery;
import io.nvremote.broker.SessionStatus;
import io.nvremote.broker.StreamSession;
import io.nvremote.connect.ConnectError;
import io.nvremote.connect.ConnectRequest;
import io.nvremote.connect.Connection;
import io.nvremote.connect.Connections;
import io.nvremote.core.Actor;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.PathPolicy;
import io.nvremote.core.Secret;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.directory.Directory;
import io.nvremote.directory.Host;
import io.nvremote.directory.Membership;
import io.nvremote.directory.Role;
import io.nvremote.rest.CallerContext;
import io.nvremote.rest.CallerRole;
import io.nvremote.rest.Fields;
import io.nvremote.rest.Items;
import io.nvremote.rest.Operation;
import io.nvremote.rest.Page;
import io.nvremote.rest.RestError;
import io.nvremote.rest.RestResource;
import io.nvremote.rest.Rights;
import io.nvremote.rest.Says;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
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

/** {@code /sessions}: connecting to hosts. */
@Component(service = SessionResource.class)
@RestResource
@Path("/sessions")
@Produces(MediaType.APPLICATION_JSON)
public final class SessionResource {

    private static final Pattern REASON = Pattern.compile("[a-z][a-z_]{0,63}");

    private final Connections connections;
    private final Broker broker;
    private final Directory directory;
    private final Rights rights;

    @Activate
    public SessionResource(
            @Reference Connections connections,
            @Reference Broker broker,
            @Reference Directory directory,
            @Reference Rights rights) {
        this.connections = connections;
        this.broker = broker;
        this.directory = directory;
        this.rights = rights;
    }

    @POST
    @Operation(
            id = "connect",
            role = CallerRole.MEMBER,
            summary = "Connects to a host: waits for the host's answer, at most 10 s",
            status = 201,
            answers = "The session with keys and addresses",
            body = Connected.class,
            problems = {403, 404, 409, 503, 504})
    @Consumes(MediaType.APPLICATION_JSON)
    public Response connect(
            @Nullable SessionBody body,
            @Says(value = "A repeated request with the same key gives the same session", least = 1, most = 255)
                    @HeaderParam("Idempotency-Key")
                    @Nullable
                    String idempotencyKey,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        SessionBody wish = Fields.body(body);
        Caller caller = CallerContext.caller(security);
        Actor actor = CallerContext.actor(security, http);
        HostId id = HostId.of(Fields.text("host_id", wish.hostId(), 36));
        String key = Fields.text("client_public_key", wish.clientPublicKey(), 64);
        Host host = directory
                .hostVisibleTo(caller.user(), id)
                .orElseThrow(() -> new StreamException(ConnectError.SESSION_HOST_UNKNOWN, "no such host"));
        rights.require(caller.user(), host.org(), Role.MEMBER, actor);
        PathPolicy policy = policy(wish.path());
        Connection made = connections.connect(
                new ConnectRequest(
                        host.org(), caller.user(), caller.signIn(), id, publicKey(key), policy, idempotencyKey),
                actor);
        TunnelPublicKey hostKey = made.hostPublicKey();
        return Response.status(Response.Status.CREATED)
                .entity(new Connected(
                        made.session().toString(),
                        made.host().toString(),
                        made.status(),
                        hostKey == null ? null : hostKey.toString(),
                        made.clientTunnelIp().toString(),
                        made.hostTunnelIp().toString(),
                        made.gatewayEndpoint().toString(),
                        made.gatewayPublicKey().toString(),
                        made.relayTicket()))
                .build();
    }

    /** The caller's own sessions; with {@code org}, those of the whole organisation for its admins. */
    @GET
    @Operation(
            id = "listSessions",
            role = CallerRole.USER,
            summary = "The caller's sessions; with org_id all of the organisation, for its admins",
            answers = "Sessions",
            problems = {403, 404})
    public Items<SessionView> list(
            @Says(value = "an organisation the caller is an admin of", format = "uuid") @QueryParam("org_id") @Nullable
                    String org,
            @Says("pending, active, terminated, failed or expired") @QueryParam("status") @Nullable String status,
            @Says(value = "most items, 100 if not given", pattern = "^([1-9][0-9]?|100)$")
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @Says("next of the page before") @QueryParam("cursor") @Nullable String cursor,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        Caller caller = CallerContext.caller(security);
        SessionStatus wanted = status == null ? null : status(status);
        Page page = Page.of(limit, cursor);
        SessionId before = page.after() == null ? null : SessionId.of(page.after());
        if (org != null) {
            OrgId id = OrgId.of(org);
            rights.require(caller.user(), id, Role.ADMIN, CallerContext.actor(security, http));
            return items(page, broker.list(new SessionQuery(id, null, null, wanted, before, page.size())));
        }
        List<Membership> places = directory.memberships(caller.user());
        // Ids rise with time, over all organisations.
        return items(
                page,
                places.stream()
                        .flatMap(
                                place -> broker
                                        .list(new SessionQuery(
                                                place.org(), caller.user(), null, wanted, before, page.size()))
                                        .stream())
                        .sorted(Comparator.comparing(
                                        (StreamSession session) -> session.id().toString())
                                .reversed())
                        .limit(page.size())
                        .toList());
    }

    @GET
    @Operation(
            id = "session",
            role = CallerRole.OWNER,
            summary = "One session; its owner, and admins of its organisation",
            answers = "The session",
            problems = {403, 404})
    @Path("/{session}")
    public SessionView one(
            @Says(value = "the session", format = "uuid") @PathParam("session") String id,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        return SessionView.of(owned(id, security, http));
    }

    @DELETE
    @Operation(
            id = "disconnect",
            role = CallerRole.OWNER,
            summary = "Ends a session; its owner, and admins of its organisation",
            status = 204,
            answers = "Ended",
            problems = {403, 404})
    @Path("/{session}")
    public Response disconnect(
            @Says(value = "the session", format = "uuid") @PathParam("session") String id,
            @Says(value = "why its owner ends it; user_disconnect without one", pattern = "^[a-z][a-z_]{0,63}$")
                    @QueryParam("reason")
                    @Nullable
                    String reason,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        StreamSession session = visible(id, security);
        boolean own = session.user().equals(CallerContext.caller(security).user());
        if (!own) {
            rights.require(session.org(), Role.ADMIN, security, http);
        } // Its owner may end it whatever became of the right to begin one.
        String why = why(reason);
        connections.disconnect(
                session.org(), session.id(), own ? why : "admin_force", CallerContext.actor(security, http));
        return Response.noContent().build();
    }

    /** Why the owner ends it: a word for the audit log and the other side. */
    private static String why(@Nullable String reason) {
        if (reason == null) {
            return "user_disconnect";
        }
        if (!REASON.matcher(reason).matches() || reason.equals("admin_force")) {
            throw new StreamException(RestError.FIELD_INVALID, "reason must match " + REASON);
        }
        return reason;
    }

    private StreamSession visible(String id, SecurityContext security) {
        return broker.visibleTo(CallerContext.caller(security).user(), SessionId.of(id))
                .orElseThrow(() -> new StreamException(ConnectError.SESSION_UNKNOWN, "no such session"));
    }

    /** The session, if the caller may touch it: its owner while a member, or an admin of its organisation. */
    private StreamSession owned(String id, SecurityContext security, HttpServletRequest http) {
        StreamSession session = visible(id, security);
        boolean own = session.user().equals(CallerContext.caller(security).user());
        rights.require(session.org(), own ? Role.GUEST : Role.ADMIN, security, http);
        return session;
    }

    private static Items<SessionView> items(Page page, List<StreamSession> sessions) {
        return page.items(sessions, StreamSession::id, SessionView::of);
    }

    private static PathPolicy policy(@Nullable String path) {
        try {
            return path == null ? PathPolicy.AUTO : PathPolicy.parse(path);
        } catch (StreamException e) {
            throw new StreamException(RestError.FIELD_INVALID, "path must be auto or relay", e);
        }
    }

    private static TunnelPublicKey publicKey(String text) {
        try {
            return TunnelPublicKey.parse(text);
        } catch (StreamException e) {
            throw new StreamException(ConnectError.SESSION_KEY_INVALID, String.valueOf(e.getMessage()), e);
        }
    }

    private static SessionStatus status(String text) {
        try {
            return SessionStatus.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new StreamException(RestError.FIELD_INVALID, "status is not a session's status", e);
        }
    }

    /** Body of {@code POST /sessions}; path is auto (default) or relay. */
    public record SessionBody(
            @Says(required = true, format = "uuid") @Nullable
            String hostId,

            @Says(value = "base64 of 32 bytes", required = true, least = 44, most = 44) @Nullable
            String clientPublicKey,

            @Says(values = {"auto", "relay"}) @Nullable String path) {}

    /** What the client builds its tunnel from. */
    public record Connected(
            @Says(format = "uuid") String sessionId,
            @Says(format = "uuid") String hostId,

            @Says(values = {"PENDING", "ACTIVE", "TERMINATED", "FAILED", "EXPIRED"})
            String status,

            @Says(value = "base64 of 32 bytes", least = 44, most = 44) @Nullable
            String hostPublicKey,

            String clientTunnelIp,
            String hostTunnelIp,
            String gatewayEndpoint,
            String gatewayPublicKey,

            @Says("base64; the client's key for binding requests at the gateway")
            Secret relayTicket) {}
}
