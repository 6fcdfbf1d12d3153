// SPDX-License-Identifier: Apache-2.0
package io.nvremote.forwarded;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds who stands behind a row of proxies. Pure functions. */
final class Chain {

    private static final int LONGEST = 32;
    private static final Pattern IPV4_WITH_PORT = Pattern.compile("([0-9.]+):[0-9]{1,5}");
    private static final Pattern IPV6_IN_BRACKETS = Pattern.compile("\\[([0-9A-Fa-f:.]+)](:[0-9]{1,5})?");

    private Chain() {}

    /**
     * Goes from the peer backwards through what each proxy added, as long as the one who says so is trusted; the first who is
     * not is the person. What cannot be read ends the walk at the last who was known.
     *
     * @param headers the values of X-Forwarded-For in the order they stand in, each a list with commas
     */
    static InetAddress person(InetAddress peer, List<String> headers, List<Network> trusted) {
        List<String> hops = new ArrayList<>();
        for (String header : headers) {
            hops.addAll(List.of(header.split(",", -1)));
        }
        InetAddress known = peer;
        for (int i = hops.size() - 1; i >= Math.max(0, hops.size() - LONGEST) && isTrusted(known, trusted); i--) {
            Optional<InetAddress> before = address(hops.get(i).strip());
            if (before.isEmpty()) {
                break;
            }
            known = before.get();
        }
        return known;
    }

    private static boolean isTrusted(InetAddress address, List<Network> trusted) {
        return trusted.stream().anyMatch(network -> network.holds(address));
    }

    private static Optional<InetAddress> address(String text) {
        Matcher four = IPV4_WITH_PORT.matcher(text);
        Matcher six = IPV6_IN_BRACKETS.matcher(text);
        String bare = four.matches() ? four.group(1) : six.matches() ? six.group(1) : text;
        try {
            return Optional.of(InetAddress.ofLiteral(bare));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // "unknown" or an obfuscated name (RFC 7239 section 6)
        }
    }
}
