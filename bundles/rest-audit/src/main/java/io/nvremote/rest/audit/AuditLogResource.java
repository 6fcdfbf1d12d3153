// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.audit;

import io.nvremote.audit.AuditPosition;
import io.nvremote.audit.AuditQuery;
import io.nvremote.audit.AuditRecord;
import io.nvremote.audit.AuditTrail;
import io.nvremote.core.OrgId;
import io.nvremote.directory.Role;
import io.nvremote.keys.SharedKeys;
import io.nvremote.rest.CallerRole;
import io.nvremote.rest.Items;
import io.nvremote.rest.Operation;
import io.nvremote.rest.Page;
import io.nvremote.rest.RestResource;
import io.nvremote.rest.Rights;
import io.nvremote.rest.Says;
import java.util.List;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code /orgs/{org}/audit-logs}. */
@Component(service = AuditLogResource.class)
@RestResource
@Path("/orgs/{org}/audit-logs")
@Produces(MediaType.APPLICATION_JSON)
public final class AuditLogResource {

    private final AuditTrail audit;
    private final Rights rights;
    private final AuditCursors cursors;

    @Activate
    public AuditLogResource(@Reference AuditTrail audit, @Reference Rights rights, @Reference SharedKeys keys) {
        this.audit = audit;
        this.rights = rights;
        this.cursors = new AuditCursors(keys);
    }

    @GET
    @Operation(
            id = "listAuditLogs",
            role = CallerRole.ADMIN,
            summary = "What happened in the organisation between two instants, the oldest first; admins",
            answers = "Records",
            problems = {403, 404})
    public Items<AuditLogView> list(
            @Says(value = "the organisation", format = "uuid") @PathParam("org") String id,
            @Says(value = "first instant, included", required = true, format = "date-time")
                    @QueryParam("from")
                    @Nullable
                    String from,
            @Says(value = "last instant, excluded; at most 92 days after from", required = true, format = "date-time")
                    @QueryParam("to")
                    @Nullable
                    String to,
            @Says("such as SESSION_CREATED") @QueryParam("event_type") @Nullable String type,
            @Says(value = "the user or host that did it", format = "uuid") @QueryParam("actor_id") @Nullable
                    String actor,
            @Says("such as host; with resource_id") @QueryParam("resource_type") @Nullable String resourceType,
            @Says("with resource_type") @QueryParam("resource_id") @Nullable String resourceId,
            @Says(format = "uuid") @QueryParam("session_id") @Nullable String session,
            @Says(values = {"SUCCESS", "FAILURE", "ERROR"}) @QueryParam("outcome") @Nullable String outcome,
            @Says(value = "most items, 100 if not given", pattern = "^([1-9][0-9]?|100)$")
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @Says("next of the page before, of the same range and filters") @QueryParam("cursor") @Nullable
                    String cursor,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        OrgId org = OrgId.of(id);
        rights.require(org, Role.ADMIN, security, http);
        Page page = Page.of(limit, cursor);
        AuditQuery all = AuditQuestions.range(from, to)
                .only(AuditQuestions.filter(
                        type, actor, AuditQuestions.resource(resourceType, resourceId), session, outcome));
        String question = org + " " + all.from() + " " + all.to() + " " + all.filter();
        AuditPosition after = cursors.read(question, page.after());
        List<AuditRecord> rows = audit.read(org, all.page(after, page.size()));
        return page.items(rows, row -> cursors.write(question, row.position()), AuditLogView::of);
    }
}
