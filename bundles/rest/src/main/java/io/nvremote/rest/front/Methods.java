// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import io.nvremote.rest.Problem;
import io.nvremote.rest.RestError;
import io.nvremote.rest.RestResource;
import java.util.List;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.container.ContainerRequestContext;
import javax.ws.rs.container.ContainerRequestFilter;
import javax.ws.rs.container.PreMatching;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationSelect;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsExtension;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/**
 * Answers OPTIONS, and refuses a method that an address does not take with those that it does (RFC 9110, 9.3.7 and 15.5.6): the library
 * behind names all that there are, or none, and takes "get" for GET. What it says is public, as the document is: nobody is asked who
 * they are. It names no other origin: pages of others may not ask (Fetch, CORS).
 */
@Component(service = ContainerRequestFilter.class)
@PreMatching
@JaxrsExtension
@JaxrsName("nvremote.methods")
@JaxrsApplicationSelect("(osgi.jaxrs.name=" + RestResource.APPLICATION + ")")
public final class Methods implements ContainerRequestFilter {

    private final Documented documented;

    @Context
    private @Nullable HttpServletRequest http; // a proxy: tells of the request of the calling thread

    @Activate
    public Methods(@Reference Documented documented) {
        this.documented = documented;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        List<String> taken = documented.addresses().methods(request.getUriInfo().getPath(false));
        String method = request.getMethod();
        if (taken.isEmpty() || (taken.contains(method) && !method.equals("OPTIONS"))) {
            return;
        }
        Response.ResponseBuilder answer = method.equals("OPTIONS")
                ? Response.noContent()
                : Errors.answer(
                        Problem.of(RestError.METHOD_NOT_ALLOWED, "the address takes " + String.join(", ", taken))
                                .during(http == null ? null : (String) http.getAttribute(RequestIds.ATTRIBUTE)));
        request.abortWith(
                answer.header(HttpHeaders.ALLOW, String.join(", ", taken)).build());
    }
}
