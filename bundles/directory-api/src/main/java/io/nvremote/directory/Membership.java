// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory;

import io.nvremote.core.OrgId;
import io.nvremote.core.UserId;
import java.time.Instant;

/** A user's place in an organisation. */
public record Membership(OrgId org, String orgName, String orgSlug, UserId user, Role role, Instant joinedAt) {}
