// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import javax.servlet.http.HttpServletRequest;
import org.osgi.annotation.versioning.ProviderType;

/** What a caller knew when it decided to change something: RFC 9110 section 13. A service. Safe for any thread. */
@ProviderType
public interface Preconditions {

    /**
     * Lets a change pass whose caller has seen what it changes: the {@code If-Match} header has the {@code ETag} that a GET of this body
     * carries, or {@code *}. To be asked where nobody else can change it meanwhile.
     *
     * @param now what a GET would answer now
     * @throws io.nvremote.core.StreamException {@link RestError#PRECONDITION_REQUIRED} without the header, {@link
     *     RestError#PRECONDITION_FAILED} if it names another state
     */
    void ifMatch(HttpServletRequest http, Record now);
}
