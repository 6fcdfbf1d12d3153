// SPDX-License-Identifier: Apache-2.0
/** NVIDIA's first GPU, by the management library of its driver. */
@NullMarked
package io.nvremote.gpu.nvml;

import org.jspecify.annotations.NullMarked;
