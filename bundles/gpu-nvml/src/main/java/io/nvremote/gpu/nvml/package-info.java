// SPDX-License-Identifier: Apache-2.0
/** NVIDIA's GPUs, by the management library of their driver. */
@NullMarked
package io.nvremote.gpu.nvml;

import org.jspecify.annotations.NullMarked;
