// SPDX-License-Identifier: Apache-2.0
/**
 * The messages of {@code /ws/host} and {@code /ws/client}, version 1, as records; their JSON form is snake_case with the
 * record's {@code type} first (docs/architecture.md). A {@link io.nvremote.signaling.SignalCodec} reads and writes them.
 */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.signaling;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
