// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.development;

import io.nvremote.core.Clock;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The provider's HTTP side. There only when it is configured, and only on a loopback address. */
@Designate(ocd = DevelopmentConfig.class)
@Component(
        service = Servlet.class,
        configurationPid = DevelopmentConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = "osgi.http.whiteboard.servlet.pattern=" + DevelopmentSettings.PATH + "/*")
public final class DevelopmentIdentity extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(DevelopmentIdentity.class);
    private static final int MAX_VALUE = 2048;
    /** What a proxy adds: whoever it speaks for is not known to be near. */
    private static final List<String> FORWARDING =
            List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via");

    private final transient DevelopmentSettings settings;
    private final transient DevelopmentProvider provider;

    @Activate
    public DevelopmentIdentity(DevelopmentConfig config) {
        settings = DevelopmentSettings.of(config);
        provider = new DevelopmentProvider(settings, Clock.system());
        LOG.atWarn()
                .addKeyValue("issuer", settings.issuer())
                .log("DEVELOPMENT IDENTITY PROVIDER IS ON: everybody who reaches it can sign in as anybody");
    }

    /** Only on the machine itself, whatever address the port listens on and whatever stands before it. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        boolean forwarded = FORWARDING.stream().anyMatch(name -> request.getHeader(name) != null);
        if (Nearness.near(
                settings.issuer(),
                request.getLocalAddr(),
                request.getRemoteAddr(),
                request.getHeader("Host"),
                forwarded)) {
            super.service(request, response);
        } else {
            html(response, 403, DevelopmentPage.refused("This provider answers to its own machine only."));
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (String.valueOf(request.getPathInfo())) {
            case "/.well-known/openid-configuration" -> json(response, 200, provider.discovery());
            case "/keys" -> json(response, 200, provider.keys());
            case "/authorize" -> {
                Map<String, String> wanted = parameters(request);
                String problem = provider.problem(wanted).orElse(null);
                if (problem == null) {
                    html(response, 200, DevelopmentPage.choose(settings, wanted));
                } else {
                    html(response, 400, DevelopmentPage.refused(problem));
                }
            }
            default -> html(response, 404, DevelopmentPage.refused("There is nothing at this address."));
        }
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Map<String, String> form = parameters(request);
        switch (String.valueOf(request.getPathInfo())) {
            case "/authorize" -> {
                String problem = provider.problem(form).orElse(null);
                if (problem == null) {
                    response.setStatus(HttpServletResponse.SC_SEE_OTHER);
                    response.setHeader("Cache-Control", "no-store");
                    response.setHeader("Location", provider.choose(form, form.getOrDefault("user", "")));
                } else {
                    html(response, 400, DevelopmentPage.refused(problem));
                }
            }
            case "/token" -> {
                String answer = provider.token(form);
                json(response, answer == null ? 400 : 200, answer == null ? "{\"error\":\"invalid_grant\"}" : answer);
            }
            default -> html(response, 404, DevelopmentPage.refused("There is nothing at this address."));
        }
    }

    private static Map<String, String> parameters(HttpServletRequest request) {
        Map<String, String> parameters = new TreeMap<>();
        request.getParameterMap().forEach((name, values) -> {
            if (values.length == 1 && values[0].length() <= MAX_VALUE && name.length() <= 64) {
                parameters.put(name, values[0]);
            }
        });
        return parameters;
    }

    private static void html(HttpServletResponse response, int status, String body) throws IOException {
        // No form-action: the answer to the form redirects to the client's own loopback port.
        response.setHeader(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'");
        send(response, status, "text/html;charset=utf-8", body);
    }

    private static void json(HttpServletResponse response, int status, String body) throws IOException {
        send(response, status, "application/json;charset=utf-8", body);
    }

    private static void send(HttpServletResponse response, int status, String type, String body) throws IOException {
        response.setStatus(status);
        response.setContentType(type);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.getWriter().write(body);
    }
}
