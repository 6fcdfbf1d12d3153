// SPDX-License-Identifier: Apache-2.0
package io.nvremote.forwarded;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Collections;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.servlet.whiteboard.Preprocessor;

/**
 * Before everything else that serves HTTP: a request that a trusted proxy passed on comes from whom the proxy says, so that
 * limits and the audit log see the person. Safe for any thread.
 */
@Designate(ocd = ForwardedConfig.class)
@Component(configurationPid = ForwardedConfig.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class TrustedProxies implements Preprocessor {

    private static final String HEADER = "X-Forwarded-For";

    private final List<Network> trusted;

    @Activate
    public TrustedProxies(ForwardedConfig config) {
        trusted = ForwardedSettings.of(config).trusted();
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request instanceof HttpServletRequest http && http.getHeader(HEADER) != null) {
            chain.doFilter(new Passed(http, person(http)), response);
        } else {
            chain.doFilter(request, response);
        }
    }

    private String person(HttpServletRequest http) {
        InetAddress peer;
        try {
            peer = InetAddress.ofLiteral(http.getRemoteAddr());
        } catch (IllegalArgumentException e) {
            return http.getRemoteAddr(); // not from the network
        }
        return Chain.person(peer, Collections.list(http.getHeaders(HEADER)), trusted)
                .getHostAddress();
    }

    /** A request that comes from whom the proxies say. */
    private static final class Passed extends HttpServletRequestWrapper {

        private final String address;

        Passed(HttpServletRequest request, String address) {
            super(request);
            this.address = address;
        }

        @Override
        public String getRemoteAddr() {
            return address;
        }

        @Override
        public String getRemoteHost() {
            return address;
        }

        /** The header does not say it; the proxy's own would be taken for the person's. */
        @Override
        public int getRemotePort() {
            return address.equals(super.getRemoteAddr()) ? super.getRemotePort() : 0;
        }
    }
}
