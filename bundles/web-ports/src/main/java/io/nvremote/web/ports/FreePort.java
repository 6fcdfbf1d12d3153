// SPDX-License-Identifier: Apache-2.0
package io.nvremote.web.ports;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** The web server would tell of a taken port with a stack trace that names neither the setting nor the remedy. */
final class FreePort {

    private FreePort() {}

    /** Refuses if the port can't be opened now. An empty address is every address of the machine. */
    static void require(String address, int port, String pid) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(address.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(address, port));
        } catch (IOException e) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    "TCP " + (address.isEmpty() ? "*" : address) + ":" + port + " can't be opened (" + e.getMessage()
                            + "): stop the program that uses it, or change " + pid + " port",
                    e);
        }
    }
}
