// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Lets a debugger into one process of a demo, from this machine only.
 *
 * @param wanted the process; none lets nobody in
 * @param out gets the address
 */
record Debugger(DemoCommand.@Nullable DemoRuntime wanted, PrintWriter out) {

    /** The flags to start that process with; it runs on while nobody is attached. */
    List<String> flags(String name, List<String> before) {
        if (wanted == null || !wanted.folder().equals(name)) {
            return before;
        }
        String address = "127.0.0.1:" + DemoConfig.freeTcpPort();
        List<String> flags = new ArrayList<>(before);
        flags.add("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=" + address);
        out.printf(Locale.ROOT, "  %-14s attach a debugger to %s%n", name, address);
        out.flush();
        return flags;
    }
}
