// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import io.nvremote.core.Actor;
import io.nvremote.core.OrgId;
import io.nvremote.core.UserId;
import io.nvremote.directory.Role;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.core.SecurityContext;
import org.osgi.annotation.versioning.ProviderType;

/** What a user may do in an organisation. A service. Safe for any thread. */
@ProviderType
public interface Rights {

    /**
     * The caller's role, if it covers what is needed.
     *
     * @throws io.nvremote.core.StreamException {@code ORG_UNKNOWN} of the directory for those who are no member, as if there
     *     were no such organisation; {@link RestError#ROLE_INSUFFICIENT} (audited) for members with too small a role
     */
    Role require(UserId user, OrgId org, Role needed, Actor actor);

    /** The same for whoever sent this request. */
    default Role require(OrgId org, Role needed, SecurityContext security, HttpServletRequest http) {
        return require(CallerContext.caller(security).user(), org, needed, CallerContext.actor(security, http));
    }
}
