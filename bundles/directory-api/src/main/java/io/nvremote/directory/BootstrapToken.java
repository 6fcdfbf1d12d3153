// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory;

import io.nvremote.core.OrgId;
import io.nvremote.core.Secret;
import java.time.Instant;
import java.util.UUID;

/**
 * A freshly made bootstrap token.
 *
 * @param id names the token in lists and in the audit log
 * @param text what the host presents; shown once
 */
public record BootstrapToken(UUID id, OrgId org, Secret text, Instant expiresAt) {}
