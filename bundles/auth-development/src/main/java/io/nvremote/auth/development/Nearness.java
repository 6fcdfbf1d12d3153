// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.development;

import java.net.InetAddress;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Whether a request was made on this machine, for this provider. */
final class Nearness {

    private Nearness() {}

    /**
     * @param local the address it came in at: the servers' ports may listen on all
     * @param remote the address it came from
     * @param host the header Host: a page of another name that resolves to us (DNS rebinding) is not ours
     * @param forwarded whether a proxy says that it speaks for somebody else
     */
    static boolean near(URI issuer, String local, String remote, @Nullable String host, boolean forwarded) {
        return !forwarded
                && loopback(local)
                && loopback(remote)
                && issuer.getAuthority().equalsIgnoreCase(host);
    }

    private static boolean loopback(String address) {
        try {
            return InetAddress.ofLiteral(address).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false; // not an address: nobody we know to be near
        }
    }
}
