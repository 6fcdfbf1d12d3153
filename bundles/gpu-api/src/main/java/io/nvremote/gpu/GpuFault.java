// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gpu;

/**
 * A fault that a GPU's driver told of.
 *
 * @param gpu its UUID
 * @param xid the driver's number for it, as in the kernel's log ({@code NVRM: Xid}): 13 and 31 are a program's own, 79 is a GPU
 *     that fell off the bus; 999 is one that has no number
 * @param seenNanos when it was told, by {@link io.nvremote.core.Clock#nanos}
 */
public record GpuFault(String gpu, long xid, long seenNanos) {}
