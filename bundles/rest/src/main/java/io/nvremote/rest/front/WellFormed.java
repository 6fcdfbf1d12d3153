// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import io.nvremote.rest.Problem;
import io.nvremote.rest.RestError;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;

/**
 * Refuses, before anybody parses it, a request whose address or media types can't be read: what the libraries behind make of
 * such a request is a stack trace and 500. RFC 3986 section 2.1, RFC 9110 section 8.3. Safe for any thread.
 */
@Component(
        service = Filter.class,
        property = {
            "osgi.http.whiteboard.filter.pattern=/*",
            "osgi.http.whiteboard.context.select=(osgi.http.whiteboard.context.name=*)",
            "osgi.http.whiteboard.filter.name=io.nvremote.rest.well-formed"
        })
public final class WellFormed implements Filter {

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final String PARAMETER =
            "\\s*;\\s*(" + TOKEN + "=(" + TOKEN + "|\"[\\x20-\\x21\\x23-\\x5b\\x5d-\\x7e]*\"))?";
    private static final Pattern TYPE = Pattern.compile(TOKEN + "/" + TOKEN + "(" + PARAMETER + ")*\\s*");
    private static final Pattern CHARSET = Pattern.compile("(?i);\\s*charset=\"?([^\";\\s]*)");
    private static final Pattern WEIGHT = Pattern.compile("(?i);\\s*q=(?!(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)\\s*(;|$))");

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String fault = request instanceof HttpServletRequest http ? fault(http) : null;
        if (fault == null) {
            chain.doFilter(request, response);
        } else if (response instanceof HttpServletResponse answer) {
            refuse(answer, Problem.of(RestError.REQUEST_INVALID, fault).during((String)
                    request.getAttribute(RequestIds.ATTRIBUTE)));
        }
    }

    private static void refuse(HttpServletResponse answer, Problem problem) throws IOException {
        byte[] body = Json.bytes(problem);
        answer.setStatus(problem.status());
        answer.setContentType(Problem.MEDIA_TYPE);
        answer.setHeader("Cache-Control", "no-store");
        answer.setHeader("X-Content-Type-Options", "nosniff");
        answer.setContentLength(body.length);
        answer.getOutputStream().write(body);
    }

    private static @Nullable String fault(HttpServletRequest request) {
        String query = request.getQueryString();
        if (!readable(request.getRequestURI()) || (query != null && !readable(query))) {
            return "the address is not percent-encoded UTF-8 without NUL";
        }
        String body = request.getContentType();
        if (body != null && !mediaType(body)) {
            return "the Content-Type is no media type in UTF-8";
        }
        var accepted = request.getHeaders("Accept");
        while (accepted.hasMoreElements()) {
            for (String one : accepted.nextElement().split(",", -1)) {
                if (!one.isBlank()
                        && (!mediaType(one.strip()) || WEIGHT.matcher(one).find())) {
                    return "the Accept header is no list of media types";
                }
            }
        }
        return null;
    }

    /** Whether a media type is well-formed, and its charset, if it names one, is UTF-8: JSON has no other (RFC 8259). */
    static boolean mediaType(String text) {
        if (!TYPE.matcher(text).matches()) {
            return false;
        }
        var charset = CHARSET.matcher(text);
        return !charset.find() || charset.group(1).equalsIgnoreCase("utf-8");
    }

    /** Whether percent-encoding and UTF-8 decode, to text without NUL. */
    static boolean readable(String encoded) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                int high = digit(encoded, i + 1);
                int low = digit(encoded, i + 2);
                if (high < 0 || low < 0 || (high == 0 && low == 0)) {
                    return false;
                }
                bytes.write(high * 16 + low);
                i += 2;
            } else if (c <= ' ' || c > 0x7e) {
                return false;
            } else {
                bytes.write(c);
            }
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray()));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static int digit(String text, int at) {
        return at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
    }
}
