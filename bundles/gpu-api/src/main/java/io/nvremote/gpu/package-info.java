// SPDX-License-Identifier: Apache-2.0
/** What the GPUs of this machine are and do now: a {@link io.nvremote.gpu.GpuSensor} is a service that may be absent. */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.gpu;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
