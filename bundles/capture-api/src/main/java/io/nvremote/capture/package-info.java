// SPDX-License-Identifier: Apache-2.0
/**
 * Where pictures come from. A {@link io.nvremote.capture.CaptureSource} is a service, chosen by its properties (see
 * {@link io.nvremote.capture.CapturePlugin}); a {@link io.nvremote.capture.CaptureSession} is one stream of pictures.
 */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.capture;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
