// SPDX-License-Identifier: Apache-2.0
/**
 * Certificates and keys by name, wherever they are kept. Who opens a port or dials takes its {@link io.nvremote.keys.KeyMaterial}
 * by a reference with a target and keeps it for as long as it lives:
 *
 * <pre>{@code
 * @Activate
 * public Port(@Reference(name = "keys", target = "(keys.name=server)") KeyMaterial keys) {
 *     listen(keys.tls()); // a renewed certificate is shown at the next handshake
 * }
 * }</pre>
 *
 * A configuration may name others: {@code "keys.target": "(keys.name=public)"}.
 */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.keys;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
