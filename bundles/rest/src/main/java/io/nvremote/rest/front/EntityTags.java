// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import javax.ws.rs.container.ContainerRequestContext;
import javax.ws.rs.container.ContainerResponseContext;
import javax.ws.rs.core.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Names what a GET answered by a hash of its bytes, and leaves the bytes out when the caller has them already: RFC 9110 sections
 * 8.8.3, 13.1.2 and 15.4.5. Callers keep answers in memory; {@code no-store} keeps them off disks. Pure functions.
 */
final class EntityTags {

    private static final int HASH_BYTES = 16;

    private EntityTags() {}

    static void apply(ContainerRequestContext request, ContainerResponseContext response) {
        if (!(request.getMethod().equals("GET") || request.getMethod().equals("HEAD"))
                || response.getStatus() != 200
                || !(response.getEntity() instanceof Record body)) {
            return;
        }
        byte[] json = Json.bytes(body);
        String tag = of(json);
        response.getHeaders().putSingle(HttpHeaders.ETAG, tag);
        if (matches(request.getHeaderString(HttpHeaders.IF_NONE_MATCH), tag)) {
            response.setStatus(304);
            response.setEntity(null);
        } else {
            response.setEntity(new Json.Written(json));
        }
    }

    /** The strong tag of these bytes, with its quotes. */
    static String of(byte[] json) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(json);
            return '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, HASH_BYTES)) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Whether a list of tags has this one: weakly compared, as If-None-Match is. */
    static boolean matches(@Nullable String list, String tag) {
        return list != null
                && Arrays.stream(list.split(",", -1))
                        .map(String::strip)
                        .anyMatch(one -> one.equals("*") || one.equals(tag) || one.equals("W/" + tag));
    }
}
