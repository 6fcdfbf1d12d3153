// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.HostId;
import io.nvremote.core.Keys;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalDialer;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything a person can do here: sign in, see hosts, connect, leave. Whoever shows it reads {@link #state} after each
 * change. Methods may block on the control plane; safe for any thread.
 */
final class Client implements AutoCloseable, Connection.SessionApi {

    private static final Logger LOG = LoggerFactory.getLogger(Client.class);
    /** How often is looked whether the channel's token ends soon or an organisation's name is missing. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    private record Person(String name, String email) {}

    private final ControlPlane control;
    private final SignIn signIn;
    private final ChannelToken channelToken;
    private final SignalDialer dialer;
    private final @Nullable SSLContext tls;
    private final StreamServices services;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> hostListeners = new CopyOnWriteArrayList<>();
    /** Of who is signed in; another list for who signs in next. */
    private volatile HostList hosts = new HostList();

    private final AtomicReference<@Nullable Connection> connection = new AtomicReference<>();
    private final PeriodicTask look;
    private volatile @Nullable Person person;
    private volatile @Nullable StreamException signInError;
    private volatile SignalDialer.@Nullable SignalLink link;
    private volatile boolean linkUp;

    Client(ControlPlane control, @Nullable SSLContext tls, SignalDialer dialer, StreamServices services) {
        this(control, control.base(), tls, dialer, services);
    }

    /** @param door where a browser reaches the control plane for sign-in */
    Client(ControlPlane control, URI door, @Nullable SSLContext tls, SignalDialer dialer, StreamServices services) {
        this.control = control;
        this.tls = tls;
        this.dialer = dialer;
        this.services = services;
        this.signIn = new SignIn(control, door, services.clock());
        this.channelToken = new ChannelToken(signIn, this::channelOver);
        this.look = PeriodicTask.every(LOOK_EVERY, "client-look", this::look);
    }

    /** Calls {@code hosts} instead when nothing changed but how a host is, which is often where there are many. */
    void onChange(Runnable listener, Runnable hosts) {
        listeners.add(listener);
        hostListeners.add(hosts);
    }

    // ---- sign-in ----

    URI beginSignIn(String redirect) {
        signInError = null;
        return signIn.begin(redirect);
    }

    void finishSignIn(Map<String, String> query) {
        try {
            signIn.finish(query);
            signedIn();
        } catch (StreamException e) {
            signInError = e;
            throw e;
        } finally {
            changed();
        }
    }

    void signOut() {
        disconnect("signed out");
        SignalDialer.SignalLink held = link;
        link = null;
        linkUp = false;
        if (held != null) {
            held.close();
        }
        hosts = new HostList();
        person = null;
        try {
            signIn.signOut();
        } finally {
            changed();
        }
    }

    private synchronized void signedIn() {
        if (link == null) {
            hosts = new HostList();
        }
        load();
        if (link == null) {
            link = dialer.dial(control.clientChannel(), tls, new Channel(hosts));
        }
    }

    // ---- hosts ----

    /** Who signed in, and what their organisations are called. The hosts come by the channel. */
    private void load() {
        HostList mine = hosts;
        JsonNode me = control.get("/users/me", signIn.token());
        person = new Person(
                me.path("user").path("name").asText(),
                me.path("user").path("email").asText());
        Map<OrgId, String> orgs = new HashMap<>();
        for (JsonNode place : me.path("memberships")) {
            orgs.put(
                    OrgId.of(Json.text(place, "org_id", ClientError.SESSION_REFUSED)),
                    Json.text(place, "org_name", ClientError.SESSION_REFUSED));
        }
        mine.orgs(orgs);
    }

    /** The channel was closed for good: only a new sign-in opens it again. */
    private void channelOver(StreamException reason) {
        link = null;
        linkUp = false;
        signIn.forget();
        signInError = reason;
        changed();
    }

    private void look() {
        SignalDialer.SignalLink held = link;
        if (held == null || !linkUp) {
            return;
        }
        channelToken.renew(held);
        if (signIn.signedIn() && hosts.strange()) {
            try {
                load();
            } catch (StreamException e) {
                // The page shows the hosts without the name until it can be read.
                LOG.atDebug().addKeyValue(Keys.CODE, e.code().name()).log("the organisations could not be read");
            }
            changed();
        }
    }

    List<HostEntry> hosts() {
        return hosts.all();
    }

    // ---- connection ----

    /** Begins to connect; what becomes of it is seen in {@link #state}. */
    Connection connect(HostId id, StreamView view) {
        HostEntry host = hosts.find(id)
                .orElseThrow(() -> new StreamException(ClientError.HOST_UNKNOWN, "no host has the id " + id));
        Connection made = new Connection(host, services, this, view, this::signal, this::changed);
        Connection before = connection.get();
        boolean free =
                before == null || before.phase() == Connection.Phase.FAILED || before.phase() == Connection.Phase.ENDED;
        if (!free || !connection.compareAndSet(before, made)) {
            throw new StreamException(ClientError.ALREADY_CONNECTED, "there is a session already");
        }
        Thread.ofVirtual().name("connection").start(() -> {
            made.run();
            changed();
        });
        changed();
        return made;
    }

    /** Ends the session, or forgets one that is over. */
    void disconnect(String why) {
        Connection held = connection.getAndSet(null);
        if (held != null) {
            held.end(why);
        }
        changed();
    }

    @Nullable
    Connection connection() {
        return connection.get();
    }

    @Override
    public SessionOffer create(HostEntry host, String publicKey) {
        ObjectNode body = Json.object();
        body.put("host_id", host.id().toString());
        body.put("client_public_key", publicKey);
        body.put("path", services.policy().name().toLowerCase(Locale.ROOT));
        return SessionOffer.of(control.post("/sessions", body, signIn.token()));
    }

    @Override
    public void delete(SessionOffer offer, String reason) {
        if (signIn.signedIn()) {
            control.delete("/sessions/" + offer.session() + "?reason=" + reason, signIn.token());
        }
    }

    private void signal(Signal signal) {
        SignalDialer.SignalLink held = link;
        if (held != null && !held.send(signal)) {
            LOG.atDebug().log("the control plane's channel is down; direct candidates are not told");
        }
    }

    // ---- state ----

    ObjectNode state() {
        ObjectNode out = Json.object();
        out.put("type", "state");
        out.put("signed_in", signIn.signedIn());
        Person known = person;
        if (known == null) {
            out.putNull("user");
        } else {
            out.putObject("user").put("name", known.name()).put("email", known.email());
        }
        out.put("server", control.base().getRawAuthority());
        out.put("link", linkUp ? "up" : link == null ? "connecting" : "down");
        StreamException refused = signInError;
        ObjectNode signing = out.putObject("sign_in").put("waiting", false);
        signing.set("error", refused == null ? null : Failures.json(refused));
        HostList shown = hosts;
        out.put("hosts_loaded", shown.whole());
        ArrayNode list = out.putArray("hosts");
        for (HostEntry host : shown.all()) {
            write(host, list.addObject());
        }
        Connection held = connection.get();
        if (held == null) {
            out.putNull("connection");
        } else {
            held.write(out.putObject("connection"));
        }
        return out;
    }

    private static void write(HostEntry host, ObjectNode out) {
        out.put("id", host.id().toString());
        out.put("name", host.name());
        out.put("org", host.org());
        out.put("status", host.status());
        out.put("gpu_name", host.gpuName());
        out.put("gpu_usage", host.gpuUsage());
        out.put("cpu_usage", host.cpuUsage());
        out.put("memory_used_mb", host.memoryUsedMb());
        out.put("memory_total_mb", host.memoryTotalMb());
        out.put("active_sessions", host.activeSessions());
        out.put("os", host.os());
        out.put("last_seen", host.lastSeen());
    }

    private void changed() {
        listeners.forEach(Runnable::run);
    }

    @Override
    public void close() {
        look.close();
        Connection held = connection.get();
        if (held != null) {
            held.end("the client stops");
        }
        SignalDialer.SignalLink open = link;
        if (open != null) {
            open.close();
        }
        control.close();
    }

    /** The control plane's channel: token first, then what it says. */
    private final class Channel implements SignalDialer.LinkListener {

        private final HostList list;

        Channel(HostList list) {
            this.list = list;
        }

        @Override
        public void up(SignalDialer.SignalLink opened) {
            channelToken.up(opened);
        }

        @Override
        public void received(SignalDialer.SignalLink opened, Signal signal) {
            switch (signal) {
                case Signal.Refusal refusal -> channelToken.refused(opened, refusal);
                case Signal.Ready ready -> {
                    channelToken.taken();
                    if (!linkUp) {
                        list.begin();
                    }
                    linkUp = true;
                    changed();
                }
                case Signal.HostStatus status -> {
                    list.told(status);
                    hostListeners.forEach(Runnable::run);
                }
                case Signal.HostsComplete complete -> {
                    list.complete(complete.count());
                    changed();
                }
                case Signal.HostRemoved removed -> {
                    list.removed(removed.hostId());
                    hostListeners.forEach(Runnable::run);
                }
                default -> {
                    Connection held = connection.get();
                    if (held != null) {
                        held.signal(signal);
                    }
                }
            }
        }

        @Override
        public void down(int code, String reason) {
            linkUp = false;
            changed();
        }
    }
}
