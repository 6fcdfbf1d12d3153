// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.hosts;

import io.nvremote.directory.Enrolled;
import io.nvremote.directory.Enrolment;
import io.nvremote.rest.CallerContext;
import io.nvremote.rest.Fields;
import io.nvremote.rest.Open;
import io.nvremote.rest.Operation;
import io.nvremote.rest.RestResource;
import io.nvremote.rest.Says;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code /host-certificates}: the next certificate of a host that slept past its last one and so can't connect to ask for it. */
@Component(service = HostCertificateResource.class)
@RestResource
@Path("/host-certificates")
@Produces(MediaType.APPLICATION_JSON)
public final class HostCertificateResource {

    private static final int LONGEST = 16 * 1024;

    private final Enrolment enrolment;

    @Activate
    public HostCertificateResource(@Reference Enrolment enrolment) {
        this.enrolment = enrolment;
    }

    /** Authenticated by the old key: the request is signed with it. */
    @POST
    @Operation(
            id = "renewExpiredCertificate",
            summary = "The next certificate of a host whose last one expired, by proof of its old key",
            status = 201,
            answers = "The host's identity",
            body = OrgHostResource.Registered.class,
            problems = {403, 409})
    @Open
    @Consumes(MediaType.APPLICATION_JSON)
    public Response comeBack(@Nullable OldKey body, @Context HttpServletRequest http) {
        OldKey shown = Fields.body(body);
        Enrolled enrolled = enrolment.comeBack(
                Fields.text("certificate", shown.certificate(), LONGEST),
                Fields.text("csr", shown.csr(), LONGEST),
                CallerContext.anonymous(http));
        return Response.status(Response.Status.CREATED)
                .entity(OrgHostResource.Registered.of(enrolled))
                .build();
    }

    /** Body of {@code POST /host-certificates}. */
    public record OldKey(
            @Says(value = "the host's last certificate in PEM", required = true) @Nullable
            String certificate,

            @Says(value = "PKCS#10 in PEM, signed with the key of that certificate", required = true) @Nullable
            String csr) {}
}
