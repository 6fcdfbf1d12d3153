// SPDX-License-Identifier: Apache-2.0
package io.nvremote.web.ports;

import jakarta.servlet.GenericServlet;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.io.Serial;
import org.osgi.service.component.annotations.Component;

/** The same body where a servlet or filter refuses a request by its status alone. Safe for any thread. */
@Component(
        service = Servlet.class,
        property = {
            "osgi.http.whiteboard.servlet.errorPage=4xx",
            "osgi.http.whiteboard.servlet.errorPage=5xx",
            "osgi.http.whiteboard.servlet.name=io.nvremote.web.ports.errors",
            "osgi.http.whiteboard.context.select=(osgi.http.whiteboard.context.name=*)"
        })
public final class ErrorServlet extends GenericServlet {

    @Serial
    private static final long serialVersionUID = 1L;

    @Override
    public void service(ServletRequest request, ServletResponse response) throws IOException {
        int status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code ? code : 500;
        String body = ErrorBodies.body(status);
        response.setContentType(ErrorBodies.MEDIA_TYPE);
        response.setContentLength(body.length());
        response.getOutputStream().print(body);
    }
}
