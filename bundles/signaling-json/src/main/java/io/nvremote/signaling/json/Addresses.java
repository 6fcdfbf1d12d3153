// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.json;

import java.net.InetAddress;
import java.util.regex.Pattern;

/** What addresses look like on the wire. */
final class Addresses {

    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
    private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,252})");
    private static final Pattern ENDPOINT = Pattern.compile("(\\[([^\\]]+)\\]|([^:\\[\\]]+)):(\\d{1,5})");

    private Addresses() {}

    static boolean isIpv4(String text) {
        var matcher = IPV4.matcher(text);
        if (!matcher.matches()) {
            return false;
        }
        for (int i = 1; i <= 4; i++) {
            String part = matcher.group(i);
            if (Integer.parseInt(part) > 255 || (part.length() > 1 && part.charAt(0) == '0')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isIpv6(String text) {
        if (!IPV6.matcher(text).matches() || text.indexOf(':') < 0) {
            return false;
        }
        try {
            InetAddress.ofLiteral(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    static boolean isEndpoint(String text, boolean nameAllowed) {
        var matcher = ENDPOINT.matcher(text);
        if (!matcher.matches()) {
            return false;
        }
        int port = Integer.parseInt(matcher.group(4));
        if (port < 1 || port > 65535) {
            return false;
        }
        if (matcher.group(2) != null) {
            return isIpv6(matcher.group(2));
        }
        return isIpv4(matcher.group(3))
                || (nameAllowed && HOST_NAME.matcher(matcher.group(3)).matches());
    }
}
