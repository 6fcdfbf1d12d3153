// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tunnel;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * A UDP endpoint as signaling and configuration write it: {@code 192.0.2.7:51820}, {@code [2001:db8::7]:51820},
 * {@code gateway.example:51820}. An IPv6 address is always in brackets (RFC 3986 section 3.2.2) and never with a zone: that
 * is a matter of one machine. Immutable.
 */
public record Endpoint(String host, int port) {

    private static final int MAX_PORT = 65_535;

    /** The host without brackets. */
    public Endpoint {
        if (host.isEmpty() || host.indexOf('%') >= 0 || host.indexOf('[') >= 0 || port < 1 || port > MAX_PORT) {
            throw refused(host + " with port " + port);
        }
    }

    /** Of an address that has been looked up; its zone is left out. */
    public static Endpoint of(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        int zone = host.indexOf('%');
        return new Endpoint(zone < 0 ? host : host.substring(0, zone), address.getPort());
    }

    /**
     * Reads {@code host:port}.
     *
     * @throws StreamException {@link CoreError#INVALID_VALUE} if it is none, or an IPv6 address without brackets
     */
    public static Endpoint parse(String text) {
        int colon = text.lastIndexOf(':');
        boolean bracketed = text.startsWith("[");
        int end = bracketed ? text.indexOf(']') : colon;
        if (colon <= 0 || (bracketed ? end != colon - 1 : text.indexOf(':') != colon)) {
            throw refused(text);
        }
        try {
            return new Endpoint(text.substring(bracketed ? 1 : 0, end), Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new StreamException(CoreError.INVALID_VALUE, message(text), e);
        }
    }

    /** Looks the host's name up, which may take its time. */
    public InetSocketAddress resolve() throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(host), port);
    }

    private static StreamException refused(String text) {
        return new StreamException(CoreError.INVALID_VALUE, message(text));
    }

    private static String message(String text) {
        return "an endpoint is name:port, 192.0.2.7:port or [2001:db8::7]:port: " + text;
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
