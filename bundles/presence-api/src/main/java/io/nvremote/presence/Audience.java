// SPDX-License-Identifier: Apache-2.0
package io.nvremote.presence;

import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.UserId;

/** Whom something is said to. Immutable. */
public sealed interface Audience {

    /** One host. */
    record Host(HostId host) implements Audience {}

    /** Every client of one user. */
    record User(UserId user) implements Audience {}

    /** Every client that hears everything of this organisation's hosts. */
    record Members(OrgId org) implements Audience {}

    /** Every client that hears of this organisation's hosts what guests may know. */
    record Guests(OrgId org) implements Audience {}
}
