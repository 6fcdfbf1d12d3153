// SPDX-License-Identifier: Apache-2.0
package io.nvremote.path.probing;

import io.nvremote.path.PathOutput;
import io.nvremote.relay.StunMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Probes the direct ways to the peer and answers its probes. Sans-IO; guarded by its owner.
 *
 * <p>A way counts when a probe of ours sent there was answered from there: it then carries datagrams in both directions, and
 * of the size that the tunnel's are, since probe and answer are as long as those (RFC 8899 in spirit): a way that carries
 * small ones only must not win.
 * An address that a probe or a datagram of the peer comes from is a candidate too (peer-reflexive, RFC 8445).
 */
final class Prober {

    /** More candidates than any machine has; the rest is ignored. */
    static final int MAX_CANDIDATES = 24;
    /** Probes answered in one second, so that junk costs little. */
    private static final int MAX_ANSWERS = 100;

    private final ProbeKeys keys;
    private final PathOutput wire;
    private final Map<InetSocketAddress, Candidate> candidates = new LinkedHashMap<>();
    private long secondFrom;
    private int answersThisSecond;

    Prober(ProbeKeys keys, PathOutput wire) {
        this.keys = keys;
        this.wire = wire;
    }

    /** Adds what the peer offers and opens the windows of all of it. */
    void offer(Collection<InetSocketAddress> offered, long now) {
        for (InetSocketAddress endpoint : offered) {
            if (reachable(endpoint)) {
                Candidate known = candidates.get(endpoint);
                if (known == null) {
                    add(endpoint, now);
                } else {
                    known.probe(now);
                }
            }
        }
    }

    private static boolean reachable(InetSocketAddress endpoint) {
        InetAddress address = endpoint.getAddress();
        return address != null
                && endpoint.getPort() > 0
                && !address.isAnyLocalAddress()
                && !address.isMulticastAddress();
    }

    /** The peer was heard from this address: worth a probe if none is under way. */
    void heard(InetSocketAddress from, long now) {
        Candidate known = candidates.get(from);
        if (known == null) {
            add(from, now);
        } else if (!known.probing(now) && !known.usable(now)) {
            known.probe(now);
        }
    }

    private void add(InetSocketAddress endpoint, long now) {
        if (candidates.size() >= MAX_CANDIDATES) {
            Iterator<Candidate> all = candidates.values().iterator();
            while (all.hasNext()) {
                Candidate candidate = all.next();
                if (!candidate.probing(now) && !candidate.usable(now)) {
                    all.remove();
                    break;
                }
            }
        }
        if (candidates.size() < MAX_CANDIDATES) {
            candidates.put(endpoint, new Candidate(endpoint, now));
        }
    }

    /** Opens all windows again. */
    void again(long now) {
        for (Candidate candidate : candidates.values()) {
            candidate.probe(now);
        }
    }

    void tick(InetSocketAddress live, long now) {
        for (Candidate candidate : candidates.values()) {
            candidate.tick(candidate.endpoint().equals(live), keys, wire, now);
        }
    }

    /** Takes a probe of the peer and answers it; false if it is none. */
    boolean request(StunMessage request, InetSocketAddress from, long now) {
        if (!keys.username().equals(request.username().orElse("")) || !budget(now) || !request.verify(keys.theirs())) {
            return false;
        }
        byte[] answer = StunMessage.bindingSuccess(request.transaction(), from, keys.theirs(), request.length() & ~3);
        if (answer.length > PathSize.BASE) {
            wire.sendWhole(answer, answer.length, from);
        } else {
            wire.send(answer, answer.length, from);
        }
        heard(from, now);
        return true;
    }

    private boolean budget(long now) {
        if (now - secondFrom >= TimeUnit.SECONDS.toNanos(1)) {
            secondFrom = now;
            answersThisSecond = 0;
        }
        return ++answersThisSecond <= MAX_ANSWERS;
    }

    /** Takes an answer to a probe of ours; false if it is none. */
    boolean answer(StunMessage answer, InetSocketAddress from, long now) {
        Candidate candidate = candidates.get(from);
        if (candidate == null || !candidate.asked(answer.transaction()) || !answer.verify(keys.mine())) {
            return false;
        }
        candidate.answer(answer.transaction(), answer.length(), now);
        return true;
    }

    /** The usable candidate with the shortest round trip; null if there is none. */
    @Nullable
    Candidate best(long now) {
        Candidate best = null;
        for (Candidate candidate : candidates.values()) {
            if (candidate.usable(now) && (best == null || candidate.rtt() < best.rtt())) {
                best = candidate;
            }
        }
        return best;
    }

    @Nullable
    Candidate at(InetSocketAddress endpoint) {
        return candidates.get(endpoint);
    }
}
