// SPDX-License-Identifier: Apache-2.0
package io.nvremote.identity;

import java.util.Map;

/**
 * What this machine is.
 *
 * @param hostName as {@code host.name} sets it, else the machine's own
 * @param system name, version and architecture of the operating system
 * @param gpu name and memory of the GPU; empty while nobody can read it
 * @param agentVersion of the bundle that enrols
 */
public record HostFacts(String hostName, Map<String, String> system, Map<String, String> gpu, String agentVersion) {

    public HostFacts {
        system = Map.copyOf(system);
        gpu = Map.copyOf(gpu);
    }
}
