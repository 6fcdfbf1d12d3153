// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory;

import io.nvremote.core.OrgId;
import java.time.Instant;

/** An organisation. */
public record Org(OrgId id, String name, String slug, Instant createdAt) {}
