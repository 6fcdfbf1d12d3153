// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory;

import io.nvremote.core.StreamException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Addresses that have their first bits in common, in CIDR notation: RFC 4632 section 3.1 and RFC 4291 section 2.3. Immutable.
 *
 * @param first all bits behind the prefix are zero
 * @param prefix how many bits they have in common
 */
public record AddressBlock(InetAddress first, int prefix) {

    private static final Pattern FOUR = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern FORM = Pattern.compile("([0-9A-Fa-f.:]{2,45})(?:/(0|[1-9]\\d{0,2}))?");

    /**
     * A single address is a block of one.
     *
     * @throws StreamException {@link DirectoryError#NETWORK_REFUSED}
     */
    public static AddressBlock parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw refused(text, "is not an address and a number of bits");
        }
        InetAddress first = literal(text, form.group(1));
        byte[] bytes = first.getAddress();
        int prefix = form.group(2) == null ? 8 * bytes.length : Integer.parseInt(form.group(2));
        if (prefix > 8 * bytes.length) {
            throw refused(text, "has more than " + 8 * bytes.length + " bits");
        }
        for (int bit = prefix; bit < 8 * bytes.length; bit++) {
            if ((bytes[bit / 8] & 0x80 >> bit % 8) != 0) {
                throw refused(text, "has bits behind its first " + prefix);
            }
        }
        return new AddressBlock(first, prefix);
    }

    private static InetAddress literal(String text, String address) {
        boolean four = FOUR.matcher(address).matches();
        try {
            InetAddress parsed = InetAddress.ofLiteral(address);
            if (four == parsed instanceof Inet4Address) {
                return parsed;
            }
        } catch (IllegalArgumentException e) {
            throw refused(text, "has no address");
        }
        throw refused(text, "must be written as IPv4"); // mapped, or with fewer than four parts
    }

    private static StreamException refused(String text, String why) {
        return new StreamException(DirectoryError.NETWORK_REFUSED, "network " + text + ' ' + why);
    }

    /** Such as {@code 10.0.0.0/8}. */
    @Override
    public String toString() {
        return first.getHostAddress() + '/' + prefix;
    }
}
