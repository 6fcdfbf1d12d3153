// SPDX-License-Identifier: Apache-2.0
package io.nvremote.viewer;

import io.nvremote.core.Secret;
import java.time.Instant;

/** What makes one machine a host, once. Its text exists nowhere but here. */
public record BootstrapToken(Secret text, Instant expiresAt) {}
