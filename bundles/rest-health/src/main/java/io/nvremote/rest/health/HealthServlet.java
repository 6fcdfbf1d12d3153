// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.health;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import io.nvremote.rest.JsonForm;
import io.nvremote.rest.Problem;
import io.nvremote.runtime.RuntimeHealth;
import io.nvremote.store.StoreError;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code /livez} and {@code /readyz} where probes look for them: at the root of every port, as soon as it is open. */
@Component(
        service = Servlet.class,
        property = {
            "osgi.http.whiteboard.servlet.pattern=/livez",
            "osgi.http.whiteboard.servlet.pattern=/readyz",
            "osgi.http.whiteboard.servlet.name=io.nvremote.rest.health"
        })
public final class HealthServlet extends HttpServlet {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final String METHODS = "GET, HEAD, OPTIONS";

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile @Nullable HealthResource health;

    private final transient JsonForm json;

    @Activate
    public HealthServlet(@Reference JsonForm json) {
        this.json = json;
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile @Nullable RuntimeHealth runtime;

    /** A servlet takes TRACE by itself, and refuses what it does not take without a word on what it does (RFC 9110, 15.5.6). */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        switch (request.getMethod()) {
            case "GET", "HEAD" -> super.service(request, response);
            case "OPTIONS" -> {
                response.setHeader("Allow", METHODS);
                response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            }
            default -> {
                response.setHeader("Allow", METHODS);
                response.sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
            }
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HealthResource.Readiness answer = "/readyz".equals(request.getServletPath())
                ? readiness(health, runtime)
                : new HealthResource.Readiness(200, HealthResource.LIVE);
        byte[] body = json.bytes(answer.body());
        response.setStatus(answer.status());
        response.setContentType(answer.mediaType());
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static HealthResource.Readiness readiness(@Nullable HealthResource parts, @Nullable RuntimeHealth runtime) {
        if (parts != null) {
            return parts.readiness();
        }
        HealthResource.Readiness lacking = HealthResource.lacking(runtime);
        return lacking != null
                ? lacking
                : new HealthResource.Readiness(
                        503, Problem.of(StoreError.UNAVAILABLE, "starting: database and keys are not at hand yet"));
    }
}
