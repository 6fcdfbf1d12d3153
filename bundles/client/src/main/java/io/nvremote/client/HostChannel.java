// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvremote.core.Keys;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.lib.json.Json;
import io.nvremote.lib.services.Current;
import io.nvremote.lib.tasks.PeriodicTask;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalDialer;
import io.nvremote.viewer.Membership;
import io.nvremote.viewer.ViewerError;
import io.nvremote.viewer.ViewerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control plane's channel of one who signed in: token first, then the hosts and what is said of sessions. Opened by a
 * sign-in, closed by a sign-out or when its token is taken no more. Methods may block; safe for any thread.
 */
final class HostChannel implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HostChannel.class);
    /** How often is looked whether the token ends soon or an organisation's name is missing. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    private static final Duration BACK_OFF_CAP = Duration.ofSeconds(8);

    /** Who hears of it. Called on the channel's thread; must not block. */
    interface Owner {

        void changed();

        void hostsChanged();

        /** The channel was closed for good: only a new sign-in opens it again. */
        void over(StreamException reason);

        /** What is not about hosts. */
        void received(Signal signal);
    }

    private final ControlPlane control;
    private final SignIn signIn;
    private final Current<SignalDialer> dialer = new Current<>();
    private final @Nullable SSLContext tls;
    private final Owner owner;
    private final ChannelToken token;
    private final PeriodicTask look;
    /** Of who is signed in; another list for who signs in next. */
    private volatile HostList hosts = new HostList();

    private volatile ViewerState.@Nullable Person person;
    /** Dialled last; the one before it serves until the control plane took the token on this one. */
    private volatile @Nullable Line line;

    private volatile boolean up;

    HostChannel(ControlPlane control, SignIn signIn, @Nullable SSLContext tls, Owner owner) {
        this.control = control;
        this.signIn = signIn;
        this.tls = tls;
        this.owner = owner;
        this.token = new ChannelToken(signIn, this::over);
        this.look = PeriodicTask.every(LOOK_EVERY, "client-look", this::look);
    }

    /** Dials from now on, before anything else is asked; a channel that is open goes over to it. */
    synchronized void dialer(SignalDialer next) {
        dialer.set(next);
        if (line != null) {
            dial();
        }
    }

    void dialerGone(SignalDialer gone) {
        dialer.unset(gone);
    }

    /** Somebody signed in. */
    synchronized void open() {
        if (line == null) {
            hosts = new HostList();
        }
        load();
        if (line == null) {
            dial();
        }
    }

    private void dial() {
        Line next = new Line(hosts, line);
        line = next;
        next.link = dialer.get().dial(control.clientChannel(), tls, next);
    }

    /** Nobody is signed in any more. */
    void shut() {
        Line held = line;
        line = null;
        up = false;
        if (held != null) {
            held.close();
        }
        hosts = new HostList();
        person = null;
    }

    HostList hosts() {
        return hosts;
    }

    ViewerState.@Nullable Person person() {
        return person;
    }

    ViewerState.Link state() {
        return up ? ViewerState.Link.UP : line == null ? ViewerState.Link.CONNECTING : ViewerState.Link.DOWN;
    }

    void send(Signal signal) {
        Line held = line;
        if (held != null && !held.send(signal)) {
            LOG.atDebug().log("the control plane's channel is down; direct candidates are not told");
        }
    }

    /** Who signed in, and what their organisations are called. The hosts come by the channel. */
    private void load() {
        HostList mine = hosts;
        JsonNode me = control.get("/users/me", signIn.token());
        List<Membership> memberships = new ArrayList<>();
        Map<OrgId, String> orgs = new HashMap<>();
        for (JsonNode place : me.path("memberships")) {
            OrgId org = OrgId.of(Json.text(place, "org_id", ViewerError.SESSION_REFUSED));
            String name = Json.text(place, "org_name", ViewerError.SESSION_REFUSED);
            orgs.put(org, name);
            memberships.add(new Membership(org, name, "admin".equals(Json.textOrNull(place, "role"))));
        }
        person = new ViewerState.Person(
                me.path("user").path("name").asText(),
                me.path("user").path("email").asText(),
                memberships);
        mine.orgs(orgs);
    }

    private void over(StreamException reason) {
        Line held = line;
        line = null;
        up = false;
        if (held != null) {
            held.close();
        }
        owner.over(reason);
    }

    private void look() {
        Line held = line;
        SignalDialer.SignalLink serving = held == null ? null : held.serving();
        if (serving == null || !up) {
            return;
        }
        token.renew(serving);
        if (signIn.signedIn() && hosts.strange()) {
            try {
                load();
            } catch (StreamException e) {
                // The page shows the hosts without the name until it can be read.
                LOG.atDebug().addKeyValue(Keys.CODE, e.code().name()).log("the organisations could not be read");
            }
            owner.changed();
        }
    }

    @Override
    public void close() {
        look.close();
        Line open = line;
        if (open != null) {
            open.close();
        }
    }

    private final class Line implements SignalDialer.LinkListener {

        private final HostList list;
        private volatile @Nullable Line before;
        private volatile SignalDialer.@Nullable SignalLink link;
        private volatile boolean over;

        Line(HostList list, @Nullable Line before) {
            this.list = list;
            this.before = before;
        }

        /** This one's link, or its predecessor's as long as that serves. */
        SignalDialer.@Nullable SignalLink serving() {
            Line old = before;
            return old == null ? link : old.serving();
        }

        boolean send(Signal signal) {
            SignalDialer.SignalLink to = serving();
            return to != null && to.send(signal);
        }

        void close() {
            over = true;
            SignalDialer.SignalLink mine = link;
            if (mine != null) {
                mine.close();
            }
            Line old = before;
            if (old != null) {
                old.close();
            }
        }

        @Override
        public void up(SignalDialer.SignalLink opened) {
            token.up(opened);
        }

        @Override
        public void received(SignalDialer.SignalLink opened, Signal signal) {
            if (over) {
                return;
            }
            switch (signal) {
                case Signal.Refusal refusal -> token.refused(opened, refusal);
                case Signal.Ready ready -> {
                    token.taken();
                    Line old = before;
                    before = null;
                    if (old != null || !up) {
                        list.begin();
                    }
                    up = true;
                    if (old != null) {
                        old.close();
                    }
                    owner.changed();
                }
                case Signal.HostStatus status -> {
                    list.told(status);
                    owner.hostsChanged();
                }
                case Signal.HostsComplete complete -> {
                    list.complete(complete.count());
                    owner.changed();
                }
                case Signal.HostRemoved removed -> {
                    list.removed(removed.hostId());
                    owner.hostsChanged();
                }
                default -> owner.received(signal);
            }
        }

        /** Somebody sits before the list and waits for it. */
        @Override
        public Duration backOffCap() {
            return BACK_OFF_CAP;
        }

        @Override
        public void down(int code, String reason) {
            if (!over && before == null) {
                up = false;
                owner.changed();
            }
        }
    }
}
