// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import io.nvremote.rest.Open;
import io.nvremote.rest.Operation;
import io.nvremote.rest.RestResource;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The OpenAPI 3.1 document of the resources that are there. It is JSON, and so YAML too. */
@Component(service = OpenApiResource.class)
@RestResource
@Path("/")
public final class OpenApiResource {

    private final Documented documented;

    @Activate
    public OpenApiResource(@Reference Documented documented) {
        this.documented = documented;
    }

    @GET
    @Operation(id = "openapiJson", summary = "This document", answers = "OpenAPI 3.1")
    @Open
    @Path("/openapi.json")
    @Produces(MediaType.APPLICATION_JSON)
    public Response json() {
        return Response.ok(documented.document(), MediaType.APPLICATION_JSON_TYPE)
                .build();
    }

    @GET
    @Operation(id = "openapiYaml", summary = "This document; JSON is YAML", answers = "OpenAPI 3.1")
    @Open
    @Path("/openapi.yaml")
    @Produces("application/yaml")
    public Response yaml() {
        return Response.ok(documented.document(), "application/yaml").build();
    }
}
