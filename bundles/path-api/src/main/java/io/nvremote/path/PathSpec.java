// SPDX-License-Identifier: Apache-2.0
package io.nvremote.path;

import io.nvremote.core.PathPolicy;
import io.nvremote.core.SessionId;
import io.nvremote.tunnel.RelayBinding;
import io.nvremote.tunnel.TunnelRole;
import io.nvremote.tunnel.TunnelSpec;

/** What the paths of a session are made of. */
public record PathSpec(SessionId session, TunnelRole role, RelayBinding relay, PathPolicy policy) {

    /** The part of a tunnel's spec that paths need, which holds no key of the tunnel. */
    public static PathSpec of(TunnelSpec spec) {
        return new PathSpec(spec.session(), spec.role(), spec.relay(), spec.policy());
    }
}
