// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.identity.HostIdentity;
import io.nvremote.signaling.SignalDialer;
import io.nvremote.updates.RuntimeBundles;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the role works with in its runtime, each asked for when it is needed: another may have come by then.
 *
 * @param bundles null if this runtime's bundles can't be replaced
 */
record HostServices(
        Supplier<HostIdentity> identity,
        Supplier<SignalDialer> dialer,
        Supplier<@Nullable RuntimeBundles> bundles,
        OtherVersions others) {}
