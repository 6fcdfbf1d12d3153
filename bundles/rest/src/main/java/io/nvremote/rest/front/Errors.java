// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import io.nvremote.core.CoreError;
import io.nvremote.core.Keys;
import io.nvremote.core.Remedy;
import io.nvremote.core.StreamException;
import io.nvremote.rest.HtmlErrors;
import io.nvremote.rest.Problem;
import io.nvremote.rest.RestError;
import io.nvremote.rest.RestResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.time.Duration;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.WebApplicationException;
import javax.ws.rs.container.ResourceInfo;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.Response;
import javax.ws.rs.ext.ExceptionMapper;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationSelect;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsExtension;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns every failure into the one error body; the remedy decides status and log level. */
@Component(service = ExceptionMapper.class)
@JaxrsExtension
@JaxrsName(RestResource.ERRORS)
@JaxrsApplicationSelect("(osgi.jaxrs.name=" + RestResource.APPLICATION + ")")
public final class Errors implements ExceptionMapper<Throwable> {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);

    @Context
    private @Nullable ResourceInfo resource; // a proxy: tells of the request of the calling thread

    @Context
    private @Nullable HttpServletRequest http; // the same

    @Override
    public Response toResponse(Throwable failure) {
        Problem problem =
                problem(failure).during(http == null ? null : (String) http.getAttribute(RequestIds.ATTRIBUTE));
        Response.ResponseBuilder answer = page() ? ErrorPage.of(problem) : answer(problem);
        if (problem.status() == 401) {
            answer.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"nvremote\"");
        }
        if (problem.status() == 503 || problem.status() == 429) {
            answer.header(HttpHeaders.RETRY_AFTER, retryAfter(failure));
        }
        return answer.build();
    }

    /** The one error body, for programs. */
    static Response.ResponseBuilder answer(Problem problem) {
        return Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(problem);
    }

    /** Whole seconds, rounded up. */
    private static String retryAfter(Throwable failure) {
        Duration wait =
                failure instanceof StreamException known ? known.retryAfter().orElse(RETRY_AFTER) : RETRY_AFTER;
        return Long.toString(Math.max(1, wait.plusNanos(999_999_999).toSeconds()));
    }

    private boolean page() {
        Method method = resource == null ? null : resource.getResourceMethod();
        return method != null && method.isAnnotationPresent(HtmlErrors.class);
    }

    /** Failures that the caller can't help are logged in one line; only those of ours with where they happened. */
    private static void note(StreamException failure) {
        Remedy remedy = failure.code().remedy();
        if (remedy == Remedy.OPERATOR || remedy == Remedy.BUG) {
            LOG.atWarn()
                    .setCause(remedy == Remedy.BUG ? failure : null)
                    .addKeyValue(Keys.CODE, failure.code().name())
                    .addKeyValue(Keys.REASON, failure.getMessage())
                    .log("request failed");
        }
    }

    private Problem problem(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof StreamException known) {
                note(known);
                return Problem.of(known);
            }
            if (t instanceof UncheckedIOException) {
                break; // of some file of ours
            }
            if (t instanceof IOException) {
                LOG.atDebug().setCause(t).log("the caller is gone");
                return Problem.of(RestError.BODY_CUT_OFF, "the connection ended");
            }
        }
        if (failure instanceof WebApplicationException web) {
            int status = web.getResponse().getStatus();
            if (status < 500) {
                return switch (status) {
                    case 404 -> Problem.of(RestError.NOT_FOUND, "no such address");
                    case 405 -> Problem.of(RestError.METHOD_NOT_ALLOWED, "the address does not take this method");
                    case 406 -> Problem.of(RestError.NOT_ACCEPTABLE, "the Accept header leaves out what there is");
                    case 415 -> Problem.of(RestError.MEDIA_TYPE_REFUSED, "the Content-Type is not application/json");
                    default -> Problem.of(RestError.REQUEST_INVALID, "the request was refused");
                };
            }
        }
        if (resource == null || resource.getResourceMethod() == null) {
            // No code of ours has run: a library could not read the request.
            LOG.atWarn().addKeyValue(Keys.REASON, failure.getClass().getName()).log("a request could not be read");
            return Problem.of(RestError.REQUEST_INVALID, "the request could not be read");
        }
        LOG.atError().setCause(failure).log("request failed without a code");
        return Problem.of(CoreError.INTERNAL, "the request failed; the log has more");
    }
}
