// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import io.nvremote.auth.AuthError;
import io.nvremote.auth.Caller;
import io.nvremote.core.Actor;
import io.nvremote.core.StreamException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Principal;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;

/** A request whose access token was verified. Immutable. */
public record CallerContext(Caller caller) implements SecurityContext {

    /** The caller of this request; refuses when there is none. */
    public static Caller caller(SecurityContext context) {
        if (context.getUserPrincipal() instanceof Name name) {
            return name.caller();
        }
        throw new StreamException(AuthError.TOKEN_MISSING, "the request has no access token");
    }

    /** The caller as the audit log knows it. */
    public static Actor actor(SecurityContext context, HttpServletRequest http) {
        return Actor.user(caller(context).user(), address(http), agent(http));
    }

    /** Somebody who has not signed in. */
    public static Actor anonymous(HttpServletRequest http) {
        return Actor.anonymous(address(http), agent(http));
    }

    private static @Nullable InetAddress address(HttpServletRequest http) {
        try {
            return InetAddress.getByName(http.getRemoteAddr()); // a literal: no name is looked up
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static @Nullable String agent(HttpServletRequest http) {
        String agent = http.getHeader("User-Agent");
        return agent == null || agent.length() <= 200 ? agent : agent.substring(0, 200);
    }

    @Override
    public Principal getUserPrincipal() {
        return new Name(caller);
    }

    /** Rights are looked up per organisation, never carried. */
    @Override
    public boolean isUserInRole(String role) {
        return false;
    }

    @Override
    public boolean isSecure() {
        return true;
    }

    @Override
    public String getAuthenticationScheme() {
        return "Bearer";
    }

    private record Name(Caller caller) implements Principal {
        @Override
        public String getName() {
            return caller.user().toString();
        }
    }
}
