// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.identity.Credentials;
import io.nvremote.identity.HostFacts;
import io.nvremote.identity.HostIdentity;
import io.nvremote.signaling.Signal;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the host shows of itself, from whoever keeps its identity at the time. Safe for any thread. */
final class HostPapers {

    private static final Logger LOG = LoggerFactory.getLogger(HostPapers.class);

    private final Supplier<HostIdentity> identity;
    private volatile @Nullable Credentials present;
    /** Who keeps the identity has not read it yet. */
    private volatile boolean unread;

    HostPapers(Supplier<HostIdentity> identity) {
        this.identity = identity;
    }

    /** Null before there are any. */
    @Nullable
    Credentials present() {
        return present;
    }

    /** As {@link HostIdentity#obtain}. */
    Credentials obtain() throws InterruptedException {
        Credentials obtained = identity.get().obtain();
        present = obtained;
        return obtained;
    }

    /** Another keeps the identity from now on: it has to have read it before it can renew it. */
    void keeperChanged() {
        unread = present != null;
    }

    /** Has it read by whoever keeps it now, if that was not done yet. */
    void readAgain() throws InterruptedException {
        if (!unread) {
            return;
        }
        unread = false;
        try {
            obtain();
        } catch (StreamException e) {
            unread = true;
            LOG.atWarn()
                    .addKeyValue(Keys.CODE, e.code())
                    .addKeyValue(Keys.REASON, e.getMessage())
                    .log("the identity can't be read again now; what is known of it serves");
        }
    }

    /** As {@link HostIdentity#renewalRequest}. */
    Optional<String> renewalRequest() {
        return identity.get().renewalRequest();
    }

    /** As {@link HostIdentity#renewed}. */
    Credentials renewed(Signal.Certificate answer) {
        Credentials next = identity.get().renewed(answer.certificate(), answer.ca());
        present = next;
        return next;
    }

    HostFacts facts() {
        return identity.get().facts();
    }
}
