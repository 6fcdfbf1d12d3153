// SPDX-License-Identifier: Apache-2.0
package io.nvremote.web.ports;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * What Jetty answers by itself, to what is no request for instance: the error body that the API has (RFC 9457), not a page. Nothing of
 * the request or the failure is in it. Safe for any thread.
 */
final class ErrorBodies extends ErrorHandler {

    static final String MEDIA_TYPE = "application/problem+json";

    /** The body for a status; ASCII. */
    static String body(int status) {
        WebError error = error(status);
        String title = HttpStatus.getMessage(status);
        return String.format(
                Locale.ROOT, """
                {"error":{"code":"%s","message":"%s","details":{"remedy":"%s","advice":"%s"}},\
                "type":"about:blank","title":"%s","status":%d}""", error.name(), title, error.remedy().name(), error.advice(), title, status);
    }

    /** Whose fault a status is (RFC 9110, 15). */
    private static WebError error(int status) {
        if (status < 500) {
            return WebError.REQUEST_REFUSED;
        }
        return status == 503 ? WebError.NOT_SERVED_NOW : WebError.SERVER_FAILED;
    }

    @Override
    public boolean errorPageForMethod(@Nullable String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, MEDIA_TYPE);
        response.write(true, bytes(code), callback);
    }

    private static ByteBuffer bytes(int status) {
        return ByteBuffer.wrap(body(status).getBytes(StandardCharsets.US_ASCII));
    }
}
