// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.exports;

import io.nvremote.core.OrgId;
import io.nvremote.directory.Role;
import io.nvremote.keys.SharedKeys;
import io.nvremote.rest.CallerRole;
import io.nvremote.rest.Operation;
import io.nvremote.rest.RestResource;
import io.nvremote.rest.Rights;
import io.nvremote.rest.Says;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code /orgs/{org}/audit-logs/key}. */
@Component(service = AuditKeyResource.class)
@RestResource
@Path("/orgs/{org}/audit-logs/key")
@Produces(MediaType.APPLICATION_JSON)
public final class AuditKeyResource {

    private final Rights rights;
    private final HeadKeys keys;

    @Activate
    public AuditKeyResource(@Reference Rights rights, @Reference SharedKeys keys) {
        this.rights = rights;
        this.keys = new HeadKeys(keys);
    }

    @GET
    @Operation(
            id = "getAuditKey",
            role = CallerRole.ADMIN,
            summary = "The key that exports of the audit log are signed with; admins",
            answers = "The public key",
            problems = {403, 404})
    public AuditKeyView get(
            @Says(value = "the organisation", format = "uuid") @PathParam("org") String id,
            @Context SecurityContext security,
            @Context HttpServletRequest http) {
        rights.require(OrgId.of(id), Role.ADMIN, security, http);
        return AuditKeyView.of(keys.key());
    }
}
