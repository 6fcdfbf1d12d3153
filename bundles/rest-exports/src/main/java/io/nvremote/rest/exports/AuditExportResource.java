// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.exports;

import io.nvremote.audit.AuditError;
import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditQuery;
import io.nvremote.audit.AuditSpan;
import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.AuditType;
import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.directory.Role;
import io.nvremote.keys.SharedKeys;
import io.nvremote.lib.chain.ChainHead;
import io.nvremote.rest.CallerContext;
import io.nvremote.rest.CallerRole;
import io.nvremote.rest.Fields;
import io.nvremote.rest.Operation;
import io.nvremote.rest.RestError;
import io.nvremote.rest.RestResource;
import io.nvremote.rest.Rights;
import io.nvremote.rest.Says;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.GET;
import javax.ws.rs.HttpMethod;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import javax.ws.rs.core.StreamingOutput;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code /orgs/{org}/audit-logs/export}. */
@Component(service = AuditExportResource.class)
@RestResource
@Path("/orgs/{org}/audit-logs/export")
public final class AuditExportResource {

    /** The widest range, as where the log is read by pages. */
    private static final Duration WIDEST = Duration.ofDays(92);

    /** How many records the body has: one that ends with fewer was cut off. */
    private static final String RECORDS = "Audit-Records";

    private static final int LONGEST_TIME = 40;

    private final AuditTrail audit;
    private final Rights rights;
    private final HeadKeys keys;
    private final Clock clock = Clock.system();
    private final RunningExports running = new RunningExports(clock);

    @Activate
    public AuditExportResource(@Reference AuditTrail audit, @Reference Rights rights, @Reference SharedKeys keys) {
        this.audit = audit;
        this.rights = rights;
        this.keys = new HeadKeys(keys);
    }

    @GET
    @Produces({"application/x-ndjson", "text/csv"})
    @Operation(
            id = "exportAuditLogs",
            role = CallerRole.ADMIN,
            summary = "All records between two instants, to be kept and verified elsewhere; admins, and it is recorded",
            answers =
                    "Records in the order of their numbers, as many as the header Audit-Records says; as jsonl with the signed head behind them",
            problems = {403, 404, 429})
    public Response export(
            @Says(value = "the organisation", format = "uuid") @PathParam("org") String id,
            @Says(value = "first instant, included", required = true, format = "date-time")
                    @QueryParam("from")
                    @Nullable
                    String from,
            @Says(value = "last instant, excluded; at most 92 days after from", required = true, format = "date-time")
                    @QueryParam("to")
                    @Nullable
                    String to,
            @Says(
                            value = "jsonl if not given",
                            values = {ExportForm.JsonLines.NAME, ExportForm.Csv.NAME})
                    @QueryParam("format")
                    @Nullable
                    String format,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        OrgId org = OrgId.of(id);
        rights.require(org, Role.ADMIN, security, http);
        AuditQuery range = range(from, to);
        ExportForm form = ExportForm.of(format, keys::key);
        Response.ResponseBuilder answer = Response.ok()
                .type(form.mediaType())
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        "attachment; filename=\"audit-" + org + "." + form.name() + "\"");
        if (http.getMethod().equals(HttpMethod.HEAD)) {
            return answer.build();
        }
        Caller caller = new Caller(CallerContext.caller(security).user(), CallerContext.actor(security, http));
        Instant until = running.begin(org);
        AuditSpan span = recorded(org, range, form, caller.actor(), until);
        ChainHead.Period period = new ChainHead.Period(
                range.from().toString(), range.to().toString(), clock.instant().toString());
        AuditExport export = new AuditExport(audit, org, span, period, form, () -> goOn(org, caller, until));
        return answer.header(RECORDS, span.count()).entity(body(export, until)).build();
    }

    private StreamingOutput body(AuditExport export, Instant until) {
        return body -> {
            try {
                export.write(body);
            } finally {
                running.end(export.org(), until);
            }
        };
    }

    private static AuditQuery range(@Nullable String from, @Nullable String to) {
        Instant first = time("from", from);
        Instant last = time("to", to);
        if (Duration.between(first, last).compareTo(WIDEST) > 0) {
            throw new StreamException(
                    RestError.FIELD_INVALID, "to is more than " + WIDEST.toDays() + " days after from");
        }
        return AuditQuery.of(first, last);
    }

    private static Instant time(String name, @Nullable String text) {
        try {
            return Instant.parse(Fields.text(name, text, LONGEST_TIME));
        } catch (DateTimeException e) {
            throw new StreamException(
                    RestError.FIELD_INVALID, name + " must be an instant such as 2026-02-13T00:00:00Z", e);
        }
    }

    /** Before the first byte: whoever got any of it is known. */
    private AuditSpan recorded(OrgId org, AuditQuery range, ExportForm form, Actor actor, Instant until) {
        try {
            AuditSpan span = audit.span(org, range.from(), range.to());
            audit.append(event(org, range, span, form, actor));
            return span;
        } catch (StreamException e) {
            running.end(org, until);
            throw e;
        }
    }

    private static AuditEvent event(OrgId org, AuditQuery range, AuditSpan span, ExportForm form, Actor actor) {
        AuditEvent event = AuditEvent.of(org, AuditType.AUDIT_LOG_EXPORTED, actor, "org", org)
                .with("from", range.from().toString())
                .with("to", range.to().toString())
                .with("format", form.name())
                .with("count", Long.toString(span.count()));
        return span.count() == 0
                ? event
                : event.with("first_seq", Long.toString(span.first())).with("last_seq", Long.toString(span.last()));
    }

    /** Whoever loses the right while it runs gets no more. */
    private void goOn(OrgId org, Caller caller, Instant until) {
        rights.require(caller.user(), org, Role.ADMIN, caller.actor());
        if (running.over(until)) {
            throw new StreamException(
                    AuditError.EXPORT_BUSY,
                    "an export took longer than " + RunningExports.LONGEST.toMinutes() + " minutes");
        }
    }

    private record Caller(UserId user, Actor actor) {}
}
