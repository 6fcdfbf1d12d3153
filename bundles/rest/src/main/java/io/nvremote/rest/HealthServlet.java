// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code /livez} and {@code /readyz} where probes look for them: at the root of every port. */
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

    private final transient HealthResource health;

    @Activate
    public HealthServlet(@Reference HealthResource health) {
        this.health = health;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HealthResource.Readiness answer = "/readyz".equals(request.getServletPath())
                ? health.readiness()
                : new HealthResource.Readiness(200, health.live());
        byte[] body = Json.text(answer.body()).getBytes(StandardCharsets.UTF_8);
        response.setStatus(answer.status());
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
