// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a machine says of itself, when it enrols and each time it connects.
 *
 * @param hostname 1 to 255 visible characters
 * @param osInfo at most 16 entries
 * @param gpuInfo at most 16 entries
 */
public record HostDescription(
        String hostname,
        Map<String, String> osInfo,
        Map<String, String> gpuInfo,
        @Nullable String agentVersion) {

    public HostDescription {
        osInfo = Map.copyOf(osInfo);
        gpuInfo = Map.copyOf(gpuInfo);
    }
}
