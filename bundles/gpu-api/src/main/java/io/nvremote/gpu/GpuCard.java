// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gpu;

import org.jspecify.annotations.Nullable;

/**
 * A GPU now. What its driver does not tell is null.
 *
 * @param uuid as the driver has it ({@code GPU-…}); empty if it does not tell
 * @param driver the driver's version; empty if it does not tell
 * @param load in percent, 0 to 100
 * @param memoryTotalMb in MiB, as the memory in use
 * @param encoderSessions streams that are encoded, by all processes
 * @param captureSessions streams of pictures that are taken of its screens by its own capture, by all processes
 * @param lastFault since somebody listens; null also where nobody can
 */
public record GpuCard(
        String uuid,
        String name,
        String driver,
        @Nullable Integer load,
        @Nullable Long memoryTotalMb,
        @Nullable Long memoryUsedMb,
        @Nullable Integer encoderSessions,
        @Nullable Integer captureSessions,
        @Nullable GpuFault lastFault) {}
