// SPDX-License-Identifier: Apache-2.0
/**
 * What a machine's NVIDIA driver and GPUs can do, checked one by one. No driver is called in the command's own process: {@link
 * io.nvremote.cli.gpu.CheckRun} has {@link io.nvremote.cli.gpu.CheckMain} do that in a child, and what ends a child costs one check.
 */
@NullMarked
package io.nvremote.cli.gpu;

import org.jspecify.annotations.NullMarked;
