// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a machine says of itself when it enrols.
 *
 * @param hostname 1 to 255 visible characters
 * @param csrPem PKCS#10 in PEM; only its public key and its proof of possession are used
 * @param osInfo at most 16 entries
 * @param gpuInfo at most 16 entries
 */
public record HostApplication(
        String hostname,
        String csrPem,
        Map<String, String> osInfo,
        Map<String, String> gpuInfo,
        @Nullable String agentVersion) {

    public HostApplication {
        osInfo = Map.copyOf(osInfo);
        gpuInfo = Map.copyOf(gpuInfo);
    }

    /** What it says of itself, without the request for a certificate. */
    public HostDescription description() {
        return new HostDescription(hostname, osInfo, gpuInfo, agentVersion);
    }
}
