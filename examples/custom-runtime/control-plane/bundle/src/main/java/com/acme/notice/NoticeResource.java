// SPDX-License-Identifier: Apache-2.0
package com.acme.notice;

import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.directory.Role;
import io.nvremote.rest.CallerContext;
import io.nvremote.rest.Fields;
import io.nvremote.rest.RestResource;
import io.nvremote.rest.Rights;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.GET;
import javax.ws.rs.PUT;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code /orgs/:org/notice}: read by members, written by admins, kept as long as the process runs. */
@Component(service = NoticeResource.class)
@RestResource
@Path("/orgs/{org}/notice")
@Produces(MediaType.APPLICATION_JSON)
public final class NoticeResource {

    private final Rights rights;
    private final Map<OrgId, Notice> notices = new ConcurrentHashMap<>();

    @Activate
    public NoticeResource(@Reference Rights rights) {
        this.rights = rights;
    }

    @GET
    public Notice read(
            @PathParam("org") String id, @Context SecurityContext security, @Context HttpServletRequest http) {
        Notice notice = notices.get(org(id, Role.MEMBER, security, http));
        if (notice == null) {
            throw new StreamException(NoticeError.NOTICE_UNKNOWN, "the organisation has no notice");
        }
        return notice;
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    public Notice write(
            Notice body,
            @PathParam("org") String id,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        OrgId org = org(id, Role.ADMIN, security, http);
        Notice notice = new Notice(Fields.text("text", Fields.body(body).text(), 500));
        notices.put(org, notice);
        return notice;
    }

    /** The organisation, if the caller has that role in it; else the platform's own refusal. */
    private OrgId org(String id, Role needed, SecurityContext security, HttpServletRequest http) {
        OrgId org = OrgId.of(id);
        rights.require(CallerContext.caller(security).user(), org, needed, CallerContext.actor(security, http));
        return org;
    }
}
