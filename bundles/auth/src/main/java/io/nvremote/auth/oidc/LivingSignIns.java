// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import io.nvremote.auth.SignIn;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which sign-ins live, as far as it was asked lately: what this process ended is over at once, what others ended after
 * {@link SignIn#KNOWN_FOR} at most. A sign-in that is over never comes back. Time is the caller's, in monotonic nanoseconds. Safe for
 * any thread.
 */
final class LivingSignIns {

    private static final Logger LOG = LoggerFactory.getLogger(LivingSignIns.class);
    private static final int MAX_KNOWN = 20_000;

    private final ConcurrentHashMap<UUID, Known> known = new ConcurrentHashMap<>();
    private final List<Consumer<UUID>> listeners = new CopyOnWriteArrayList<>();

    private record Known(long atNanos, boolean live) {}

    /**
     * Those of the sign-ins that live.
     *
     * @param look asks the database which of these live; called once, for those of which too little or too old is known
     */
    Set<UUID> active(Set<UUID> signIns, long nowNanos, UnaryOperator<Set<UUID>> look) {
        Set<UUID> live = new HashSet<>();
        Set<UUID> unsure = new HashSet<>();
        for (UUID signIn : signIns) {
            Known last = known.get(signIn);
            if (last == null || (last.live() && nowNanos - last.atNanos() >= SignIn.KNOWN_FOR.toNanos())) {
                unsure.add(signIn);
            } else if (last.live()) {
                live.add(signIn);
            }
        }
        if (unsure.isEmpty()) {
            return live;
        }
        Set<UUID> found = look.apply(unsure);
        makeRoom(nowNanos);
        for (UUID signIn : unsure) {
            if (!found.contains(signIn)) {
                ended(signIn, nowNanos);
            } else if (known.merge(signIn, new Known(nowNanos, true), (old, fresh) -> old.live() ? fresh : old)
                    .live()) {
                // The database may have been asked before an end that is known by now: the end wins.
                live.add(signIn);
            }
        }
        return live;
    }

    /** This sign-in is over. Those who asked are told, once. */
    void ended(UUID signIn, long nowNanos) {
        makeRoom(nowNanos);
        Known before = known.put(signIn, new Known(nowNanos, false));
        if (before == null || before.live()) {
            for (Consumer<UUID> listener : listeners) {
                tell(listener, signIn);
            }
        }
    }

    SignIn.Watch listen(Consumer<UUID> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private static void tell(Consumer<UUID> listener, UUID signIn) {
        try {
            listener.accept(signIn);
        } catch (RuntimeException e) {
            // The sign-in is over whatever a listener makes of it; the others must hear of it too.
            LOG.atWarn().setCause(e).addKeyValue("sign_in", signIn).log("a listener failed at the end of a sign-in");
        }
    }

    /** Forgets what is too old to be used; everything, if all of it is fresh: it is asked for again. */
    private void makeRoom(long nowNanos) {
        if (known.size() < MAX_KNOWN) {
            return;
        }
        known.values().removeIf(entry -> nowNanos - entry.atNanos() >= SignIn.KNOWN_FOR.toNanos());
        if (known.size() >= MAX_KNOWN) {
            known.clear();
        }
    }
}
