// SPDX-License-Identifier: Apache-2.0
/**
 * What capture, encode, transport and decode speak.
 *
 * <p>A {@link io.nvremote.media.Frame} is a picture in native memory, lent for the duration of a call. An
 * {@link io.nvremote.media.AccessUnit} is one coded picture. {@link io.nvremote.media.StageStamps} say when each stage
 * was done with it, on the host's monotonic clock.
 */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.media;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
