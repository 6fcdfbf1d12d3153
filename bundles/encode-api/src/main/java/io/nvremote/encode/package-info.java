// SPDX-License-Identifier: Apache-2.0
/**
 * Turning pictures into access units. An {@link io.nvremote.encode.Encoder} is a service, chosen by its properties (see
 * {@link io.nvremote.encode.EncoderPlugin}) and ranking; an {@link io.nvremote.encode.EncoderSession} is one stream.
 */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.encode;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
