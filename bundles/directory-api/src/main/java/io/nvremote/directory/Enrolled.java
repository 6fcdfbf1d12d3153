// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory;

import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import java.time.Instant;

/**
 * A host's identity.
 *
 * @param certificatePem the host's certificate, then those between it and the root (none today)
 * @param caPem the root to trust for the control plane's host port and for gateways
 */
public record Enrolled(OrgId org, HostId host, String certificatePem, String caPem, Instant expiresAt) {}
