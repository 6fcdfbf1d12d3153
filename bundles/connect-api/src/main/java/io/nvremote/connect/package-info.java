// SPDX-License-Identifier: Apache-2.0
/**
 * Connecting a user to a host: the control plane's sixteen steps from request to keys, and its six back.
 *
 * <p>{@link io.nvremote.connect.Connections} is what the HTTP resources call once they know that the caller may. It owns the
 * order of steps between database, gateway and host, and leaves nothing allocated when one of them fails.
 */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.connect;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
