// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A UDP endpoint as signaling and configuration write it: {@code 192.0.2.7:51820}, {@code [2001:db8::7]:51820},
 * {@code gateway.example:51820}. An IPv6 address is always in brackets (RFC 3986 section 3.2.2) and never with a zone: that
 * is a matter of one machine. A name is one of RFC 1123 section 2.1, so its last part is no number: {@code 10.1} and
 * {@code 010.1.2.3} are neither names nor addresses. Immutable.
 *
 * @param host without brackets
 */
public record Endpoint(String host, int port) {

    private static final int MAX_PORT = 65_535;
    private static final int MAX_NAME = 253;

    private static final Pattern TEXT = Pattern.compile("(?:\\[([^\\[\\]]*)\\]|([^:\\[\\]]*)):(\\d{1,5})");
    private static final Pattern IPV4 =
            Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)\\.){3}(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private static final Pattern NAME = Pattern.compile("(?:" + LABEL + "\\.)*(?!\\d+\\.?$)" + LABEL + "\\.?");

    public Endpoint {
        if (port < 1 || port > MAX_PORT || !(isIpv4(host) || isIpv6(host) || isName(host))) {
            throw refused(written(host, port));
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
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches() || (parts.group(1) != null && !isIpv6(parts.group(1)))) {
            throw refused(text);
        }
        return new Endpoint(parts.group(1) != null ? parts.group(1) : parts.group(2), Integer.parseInt(parts.group(3)));
    }

    /** Whether the host is an address, so that nobody is asked for one. */
    public boolean numeric() {
        return isIpv4(host) || isIpv6(host);
    }

    /** Looks the host's name up, which may take its time. */
    public InetSocketAddress resolve() throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(host), port);
    }

    /** Four numbers of at most 255, without leading zeros, which some read as octal. */
    static boolean isIpv4(String text) {
        return IPV4.matcher(text).matches();
    }

    private static boolean isIpv6(String text) {
        if (!IPV6.matcher(text).matches() || text.indexOf(':') < 0) {
            return false;
        }
        try {
            Inet6Address.ofLiteral(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isName(String text) {
        return text.length() <= MAX_NAME && NAME.matcher(text).matches();
    }

    private static StreamException refused(String text) {
        return new StreamException(
                CoreError.INVALID_VALUE, "an endpoint is name:port, 192.0.2.7:port or [2001:db8::7]:port: " + text);
    }

    private static String written(String host, int port) {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return written(host, port);
    }
}
