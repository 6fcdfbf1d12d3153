// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import io.nvremote.auth.AccessTokens;
import io.nvremote.auth.AuthError;
import io.nvremote.auth.Caller;
import io.nvremote.auth.SignIn;
import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.rest.CallerContext;
import io.nvremote.rest.Items;
import io.nvremote.rest.KeptAnswers;
import io.nvremote.rest.Open;
import io.nvremote.rest.RestResource;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.URI;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.container.ContainerRequestContext;
import javax.ws.rs.container.ContainerRequestFilter;
import javax.ws.rs.container.ContainerResponseContext;
import javax.ws.rs.container.ContainerResponseFilter;
import javax.ws.rs.container.ResourceInfo;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.HttpHeaders;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationSelect;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsExtension;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Refuses every request without a valid access token, unless its method is {@link Open}; gives requests that are repeated their
 * answer of before; sets the headers of every answer.
 */
@Designate(ocd = RestConfig.class)
@Component(
        service = {ContainerRequestFilter.class, ContainerResponseFilter.class},
        configurationPid = RestConfig.PID)
@JaxrsExtension
@JaxrsName(RestResource.GUARD)
@JaxrsApplicationSelect("(osgi.jaxrs.name=" + RestResource.APPLICATION + ")")
public final class Guard implements ContainerRequestFilter, ContainerResponseFilter {

    private static final String SCHEME = "Bearer ";

    private final BearerTokens tokens;
    private final KeyedRequests keyed;

    @Context
    private @Nullable ResourceInfo resource; // a proxy: tells of the request of the calling thread

    @Context
    private @Nullable HttpServletRequest http; // the same

    @Activate
    public Guard(
            RestConfig config, @Reference AccessTokens tokens, @Reference SignIn signIn, @Reference KeptAnswers kept) {
        this.tokens = new BearerTokens(tokens, signIn, RestSettings.of(config), Clock.system());
        keyed = new KeyedRequests(kept);
    }

    @Override
    public void filter(ContainerRequestContext request) {
        Method method = resource == null ? null : resource.getResourceMethod();
        if (method == null || !method.isAnnotationPresent(Open.class)) {
            authenticate(request);
        }
        if (method != null) {
            keyed.begin(request, method, http);
        }
    }

    private void authenticate(ContainerRequestContext request) {
        String header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw new StreamException(AuthError.TOKEN_MISSING, "the request has no Authorization: Bearer header");
        }
        InetAddress from = http == null ? null : CallerContext.anonymous(http).address();
        Caller caller = tokens.caller(header.substring(SCHEME.length()).strip(), from);
        request.setSecurityContext(new CallerContext(caller));
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        var headers = response.getHeaders();
        if (response.getEntity() instanceof Items<?> page && page.next() != null) {
            URI next = request.getUriInfo()
                    .getRequestUriBuilder()
                    .replaceQueryParam("cursor", page.next())
                    .build();
            headers.putSingle(HttpHeaders.LINK, "<" + next.getRawPath() + "?" + next.getRawQuery() + ">; rel=\"next\"");
        }
        keyed.end(request, response);
        EntityTags.apply(request, response); // last: it looks at the body as it is sent
        headers.putSingle("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
        headers.putSingle("Cache-Control", "no-store");
        headers.putSingle("X-Content-Type-Options", "nosniff");
        headers.putSingle("Referrer-Policy", "no-referrer");
        headers.putSingle(
                "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    }
}
