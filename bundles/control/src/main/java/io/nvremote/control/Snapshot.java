// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.directory.Directory;
import io.nvremote.directory.Host;
import io.nvremote.presence.Holder;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a client of every host it may hear of, as fast as its line takes it, while changes go on being told: each says when it
 * was so, and the client keeps the newest. Runs on a thread of its own.
 */
final class Snapshot implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Snapshot.class);
    private static final int PIECE = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int TRY_AGAIN_LATER = 1013;

    private final Directory directory;
    private final Clock clock;
    private final SignalSession socket;
    private final Holder.Client client;
    private int told;

    Snapshot(Directory directory, Clock clock, SignalSession socket, Holder.Client client) {
        this.directory = directory;
        this.clock = clock;
        this.socket = socket;
        this.client = client;
    }

    @Override
    public void run() {
        try {
            boolean all = tell(client.orgs(), HostNews::of) && tell(client.guestOf(), HostNews::forGuests);
            if (all) {
                socket.send(new Signal.HostsComplete(told));
            }
        } catch (StreamException e) {
            LOG.atDebug().setCause(e).addKeyValue(Keys.PEER, socket.name()).log("a client's list was not read");
            socket.close(TRY_AGAIN_LATER, e.code().name());
        }
    }

    private boolean tell(Iterable<OrgId> orgs, BiFunction<Host, Instant, Signal.HostStatus> form) {
        for (OrgId org : orgs) {
            Instant at = clock.instant();
            List<Host> hosts = directory.hosts(org);
            for (int from = 0; from < hosts.size(); from += PIECE) {
                List<Signal.HostStatus> piece = new ArrayList<>();
                hosts.subList(from, Math.min(hosts.size(), from + PIECE)).forEach(h -> piece.add(form.apply(h, at)));
                piece.forEach(socket::send);
                told += piece.size();
                if (!socket.drained(PATIENCE)) {
                    return false;
                }
            }
        }
        return true;
    }
}
