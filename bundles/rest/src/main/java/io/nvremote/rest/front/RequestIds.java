// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import io.nvremote.core.UuidV7;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.slf4j.MDC;

/**
 * Gives every request a name: the caller's own ({@value #HEADER}), if it is short and harmless, else one of ours. It is in the
 * answer, in error bodies ({@code instance}) and in each log line of the request, so that what a person saw is found again. Safe
 * for any thread.
 */
@Component(
        service = Filter.class,
        property = {
            "osgi.http.whiteboard.filter.pattern=/*",
            "osgi.http.whiteboard.context.select=(osgi.http.whiteboard.context.name=*)",
            "osgi.http.whiteboard.filter.name=io.nvremote.rest.request-ids",
            "service.ranking:Integer=1000" // before all that refuses
        })
public final class RequestIds implements Filter {

    static final String HEADER = "X-Request-Id";

    /** The request's attribute that has its name. */
    static final String ATTRIBUTE = "io.nvremote.rest.request-id";

    /** The name's key in log lines. */
    static final String KEY = "request_id";

    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._-]{8,64}");

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!(request instanceof HttpServletRequest http && response instanceof HttpServletResponse answer)) {
            chain.doFilter(request, response);
            return;
        }
        String id = id(http.getHeader(HEADER));
        http.setAttribute(ATTRIBUTE, id);
        answer.setHeader(HEADER, id);
        MDC.put(KEY, id);
        try {
            chain.doFilter(request, response);
        } finally {
            MDC.remove(KEY);
        }
    }

    /** The caller's, or a new one. */
    static String id(@Nullable String wanted) {
        return wanted != null && HARMLESS.matcher(wanted).matches()
                ? wanted
                : UuidV7.next().toString();
    }
}
