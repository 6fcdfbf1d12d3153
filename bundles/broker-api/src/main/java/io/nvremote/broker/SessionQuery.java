// SPDX-License-Identifier: Apache-2.0
package io.nvremote.broker;

import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.SessionId;
import io.nvremote.core.UserId;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions to list.
 *
 * @param user only this user's, or null for everybody's
 * @param host only this host's, or null
 * @param status only in this state, or null
 * @param before only older than this one: the last of the page before; null for the first page
 * @param limit 1 to 100; greater values mean 100
 */
public record SessionQuery(
        OrgId org,
        @Nullable UserId user,
        @Nullable HostId host,
        @Nullable SessionStatus status,
        @Nullable SessionId before,
        int limit) {}
