// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import io.nvremote.core.StreamException;
import io.nvremote.rest.Preconditions;
import io.nvremote.rest.RestError;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.core.HttpHeaders;
import org.osgi.service.component.annotations.Component;

/** By the tags that {@link EntityTags} gives; strongly compared, RFC 9110 section 13.1.1. */
@Component
public final class EntityTagPreconditions implements Preconditions {

    @Override
    public void ifMatch(HttpServletRequest http, Record now) {
        List<String> tags = Collections.list(http.getHeaders(HttpHeaders.IF_MATCH)).stream()
                .flatMap(line -> Arrays.stream(line.split(",", -1)))
                .map(String::strip)
                .toList();
        if (tags.isEmpty()) {
            throw new StreamException(RestError.PRECONDITION_REQUIRED, "If-Match is missing");
        }
        if (!tags.contains("*") && !tags.contains(EntityTags.of(Json.bytes(now)))) {
            throw new StreamException(RestError.PRECONDITION_FAILED, "it is not as If-Match says any more");
        }
    }
}
