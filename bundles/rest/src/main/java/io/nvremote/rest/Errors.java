// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import io.nvremote.core.CoreError;
import io.nvremote.core.Keys;
import io.nvremote.core.Remedy;
import io.nvremote.core.StreamException;
import java.time.Duration;
import javax.ws.rs.WebApplicationException;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.ext.ExceptionMapper;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationSelect;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsExtension;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns every failure into the one error body; the remedy decides status and log level. */
@Component(service = ExceptionMapper.class)
@JaxrsExtension
@JaxrsName("nvremote.errors")
@JaxrsApplicationSelect("(osgi.jaxrs.name=nvremote)")
public final class Errors implements ExceptionMapper<Throwable> {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);

    @Override
    public Response toResponse(Throwable failure) {
        Problem problem = problem(failure);
        Response.ResponseBuilder answer = Response.status(problem.status())
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(problem);
        if (problem.status() == 401) {
            answer.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"nvremote\"");
        }
        if (problem.status() == 503 || problem.status() == 429) {
            answer.header(HttpHeaders.RETRY_AFTER, retryAfter(failure));
        }
        return answer.build();
    }

    /** Whole seconds, rounded up. */
    static String retryAfter(Throwable failure) {
        Duration wait =
                failure instanceof StreamException known ? known.retryAfter().orElse(RETRY_AFTER) : RETRY_AFTER;
        return Long.toString(Math.max(1, wait.plusNanos(999_999_999).toSeconds()));
    }

    /** Failures that the caller can't help are logged; the others are answered only. */
    static void note(StreamException failure) {
        Remedy remedy = failure.code().remedy();
        if (remedy == Remedy.OPERATOR || remedy == Remedy.BUG) {
            LOG.atWarn()
                    .addKeyValue(Keys.CODE, failure.code().name())
                    .setCause(failure)
                    .log("request failed");
        }
    }

    private static Problem problem(Throwable failure) {
        if (failure instanceof StreamException known) {
            note(known);
            return Problem.of(known);
        }
        if (failure.getCause() instanceof StreamException inner) {
            return problem(inner);
        }
        if (failure instanceof WebApplicationException web) {
            return switch (web.getResponse().getStatus()) {
                case 404 -> Problem.of(RestError.NOT_FOUND, "no such address");
                case 405 -> Problem.of(RestError.METHOD_NOT_ALLOWED, "the address does not take this method");
                case 406, 415 -> Problem.of(RestError.MEDIA_TYPE_REFUSED, "bodies are application/json");
                default -> Problem.of(RestError.REQUEST_INVALID, "the request was refused");
            };
        }
        LOG.atError().setCause(failure).log("request failed without a code");
        return Problem.of(CoreError.INTERNAL, "the request failed; the log has more");
    }
}
