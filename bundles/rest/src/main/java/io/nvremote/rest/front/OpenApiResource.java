// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import io.nvremote.rest.Open;
import io.nvremote.rest.Operation;
import io.nvremote.rest.RestResource;
import java.net.URL;
import java.util.List;
import java.util.Objects;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The OpenAPI 3.1 document of the resources that are there. It is JSON, and so YAML too. */
@Component(service = OpenApiResource.class)
@RestResource
@Path("/")
public final class OpenApiResource {

    private final BundleContext context;

    @Activate
    public OpenApiResource(BundleContext context) {
        this.context = context;
    }

    @GET
    @Operation(id = "openapiJson", summary = "This document", answers = "OpenAPI 3.1")
    @Open
    @Path("/openapi.json")
    @Produces(MediaType.APPLICATION_JSON)
    public Response json() {
        return Response.ok(document(), MediaType.APPLICATION_JSON_TYPE).build();
    }

    @GET
    @Operation(id = "openapiYaml", summary = "This document; JSON is YAML", answers = "OpenAPI 3.1")
    @Open
    @Path("/openapi.yaml")
    @Produces("application/yaml")
    public Response yaml() {
        return Response.ok(document(), "application/yaml").build();
    }

    private String document() {
        return OpenApi.document(parts());
    }

    /** The parts of all bundles that offer resources now. */
    private List<URL> parts() {
        try {
            ServiceReference<?>[] resources = context.getAllServiceReferences(null, "(osgi.jaxrs.resource=true)");
            return resources == null
                    ? List.of()
                    : List.of(resources).stream()
                            .map(ServiceReference::getBundle)
                            .filter(Objects::nonNull)
                            .distinct()
                            .sorted()
                            .map((Bundle bundle) -> bundle.getEntry(OpenApi.PART))
                            .filter(Objects::nonNull)
                            .toList();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("the filter of resources", e);
        }
    }
}
