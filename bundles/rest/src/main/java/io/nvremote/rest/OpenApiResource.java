// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationSelect;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsExtensionSelect;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsResource;

/** The OpenAPI 3.1 document of these resources. It is JSON, and so YAML too. */
@Component(service = OpenApiResource.class)
@JaxrsResource
@JaxrsApplicationSelect("(osgi.jaxrs.name=nvremote)")
@JaxrsExtensionSelect({
    "(osgi.jaxrs.name=nvremote.json)",
    "(osgi.jaxrs.name=nvremote.errors)",
    "(osgi.jaxrs.name=nvremote.guard)"
})
@Path("/")
public final class OpenApiResource {

    private static final String DOCUMENT = load();

    @GET
    @Open
    @Path("/openapi.json")
    @Produces(MediaType.APPLICATION_JSON)
    public Response json() {
        return Response.ok(DOCUMENT, MediaType.APPLICATION_JSON_TYPE).build();
    }

    @GET
    @Open
    @Path("/openapi.yaml")
    @Produces("application/yaml")
    public Response yaml() {
        return Response.ok(DOCUMENT, "application/yaml").build();
    }

    static String load() {
        try (InputStream in = OpenApiResource.class.getResourceAsStream("openapi.json")) {
            if (in == null) {
                throw new IllegalStateException("openapi.json is not in this bundle");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
