// SPDX-License-Identifier: Apache-2.0
package io.nvremote.viewer;

import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Everything a person can do at the client: sign in, see hosts, connect, leave. A service.
 *
 * <p><b>Threads.</b> All methods may be called from any thread; those that say so block on the control plane.
 */
@ProviderType
public interface Viewer {

    /** What {@link #disconnect} is told when the person asked for it. */
    String BY_USER = "you disconnected";

    /** Begins a sign-in: the address to open in a browser, which comes back to {@code redirect} (RFC 8252). */
    URI beginSignIn(String redirect);

    /**
     * Ends a sign-in. Blocks.
     *
     * @param query what the browser brought back behind the question mark, as it was sent
     * @throws io.nvremote.core.StreamException {@link ViewerError#SIGN_IN_FAILED}, or what the control plane said
     */
    void finishSignIn(@Nullable String query);

    /** Ends the session and the sign-in. Blocks; signed out in any case, also when it throws. */
    void signOut();

    /** How things are now. */
    ViewerState state();

    /** Tells of changes from now on, on any thread; the listener must not block. Closing what is returned ends it. */
    Registration listen(ViewerListener listener);

    /**
     * Begins to connect; what becomes of it is seen in the session.
     *
     * @throws io.nvremote.core.StreamException {@link ViewerError#HOST_UNKNOWN}, {@link ViewerError#ALREADY_CONNECTED}
     */
    ViewerSession connect(HostId host, StreamView view);

    /** Ends the session, or forgets one that is over. {@code why} is for the person and, in one word, for the audit log. */
    void disconnect(String why);

    /** The session that is, or the last one until it is forgotten. */
    @Nullable
    ViewerSession session();

    /**
     * Asks for a token that makes one machine a host of this organisation. Blocks.
     *
     * @throws io.nvremote.core.StreamException {@link ViewerError#SIGN_IN_REQUIRED}, {@link ViewerError#CONTROL_PLANE_UNREACHABLE},
     *     or what the control plane said: who may is its to judge
     */
    BootstrapToken bootstrapToken(OrgId org);

    /** Ends with {@link #close}. */
    @ProviderType
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
