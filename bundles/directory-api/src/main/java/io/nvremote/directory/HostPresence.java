// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory;

import io.nvremote.core.Actor;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;

/**
 * Whether a host is connected. Immutable.
 *
 * @param by whose doing that is: the host, or the system for one that was not heard of
 */
public record HostPresence(OrgId org, HostId host, boolean online, Actor by) {}
