// SPDX-License-Identifier: Apache-2.0
package io.nvremote.viewer;

import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import org.jspecify.annotations.Nullable;

/**
 * A host as the list shows it. Immutable; null where the host did not say, or guests may not know.
 *
 * @param org the organisation's name; empty until it is known
 * @param status ONLINE, OFFLINE, BUSY or MAINTENANCE
 * @param lastSeen ISO-8601, or null if it never was
 */
public record HostEntry(
        HostId id,
        String name,
        OrgId orgId,
        String org,
        String status,
        @Nullable String gpuName,
        @Nullable Double gpuUsage,
        @Nullable Double cpuUsage,
        @Nullable Long memoryUsedMb,
        @Nullable Long memoryTotalMb,
        int activeSessions,
        @Nullable String os,
        @Nullable String lastSeen) {}
