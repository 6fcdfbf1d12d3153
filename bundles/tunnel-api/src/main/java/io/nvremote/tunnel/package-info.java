// SPDX-License-Identifier: Apache-2.0
/**
 * The session tunnel: one WireGuard peer, one session. Keys are made for the session, live in memory and are wiped at
 * {@link io.nvremote.tunnel.Tunnel#close}.
 *
 * <p>Both ends connect through the relay at once; while {@link io.nvremote.core.PathPolicy#AUTO} they probe direct
 * candidates and switch the live endpoint (docs/architecture.md, path of a connect). The client is the one initiator.
 */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.tunnel;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
