// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.HostId;
import io.nvremote.core.Keys;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalDialer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
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
    private static final Duration REFRESH_EVERY = Duration.ofSeconds(5);

    private record Person(String name, String email) {}

    private final ControlPlane control;
    private final SignIn signIn;
    private final ChannelToken channelToken;
    private final SignalDialer dialer;
    private final @Nullable SSLContext tls;
    private final StreamServices services;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Object hostsLock = new Object();
    private volatile List<HostEntry> hosts = List.of();
    private final AtomicReference<@Nullable Connection> connection = new AtomicReference<>();
    private final PeriodicTask refresh;
    private volatile boolean hostsLoaded;
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
        this.refresh = PeriodicTask.every(REFRESH_EVERY, "client-refresh", this::refresh);
    }

    void onChange(Runnable listener) {
        listeners.add(listener);
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
        replaceHosts(list -> List.of());
        hostsLoaded = false;
        person = null;
        try {
            signIn.signOut();
        } finally {
            changed();
        }
    }

    private synchronized void signedIn() {
        load();
        if (link == null) {
            link = dialer.dial(control.clientChannel(), tls, new Channel());
        }
    }

    // ---- hosts ----

    private void load() {
        Secret token = signIn.token();
        JsonNode me = control.get("/users/me", token);
        person = new Person(
                me.path("user").path("name").asText(),
                me.path("user").path("email").asText());
        List<HostEntry> found = new ArrayList<>();
        for (JsonNode place : me.path("memberships")) {
            String org = Json.text(place, "org_id", ClientError.SESSION_REFUSED);
            String orgName = Json.text(place, "org_name", ClientError.SESSION_REFUSED);
            for (@Nullable String cursor = ""; cursor != null; ) {
                JsonNode page = control.get("/orgs/" + org + "/hosts" + cursor, token);
                for (JsonNode host : page.path("items")) {
                    found.add(HostEntry.of(host, orgName));
                }
                cursor = page.hasNonNull("next") ? "?cursor=" + page.get("next").asText() : null;
            }
        }
        replaceHosts(list -> List.copyOf(found));
        hostsLoaded = true;
    }

    /** The channel was closed for good: only a new sign-in opens it again. */
    private void channelOver(StreamException reason) {
        link = null;
        linkUp = false;
        signIn.forget();
        signInError = reason;
        changed();
    }

    private void refresh() {
        SignalDialer.SignalLink held = link;
        if (held != null && linkUp) {
            channelToken.renew(held);
        }
        if (!signIn.signedIn()) {
            return;
        }
        try {
            load();
            changed();
        } catch (StreamException e) {
            // The page says "reconnecting"; an expired sign-in shows the sign-in page.
            LOG.atDebug().addKeyValue(Keys.CODE, e.code().name()).log("the host list could not be read");
            changed();
        }
    }

    private void replaceHosts(UnaryOperator<List<HostEntry>> change) {
        synchronized (hostsLock) {
            hosts = change.apply(hosts);
        }
    }

    List<HostEntry> hosts() {
        return hosts;
    }

    // ---- connection ----

    /** Begins to connect; what becomes of it is seen in {@link #state}. */
    Connection connect(HostId id, StreamView view) {
        HostEntry host = hosts.stream()
                .filter(h -> h.id().equals(id))
                .findFirst()
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
    public void delete(SessionOffer offer) {
        if (signIn.signedIn()) {
            control.delete("/sessions/" + offer.session(), signIn.token());
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
        out.put("hosts_loaded", hostsLoaded);
        ArrayNode list = out.putArray("hosts");
        for (HostEntry host : hosts) {
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
        refresh.close();
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
                    linkUp = true;
                    changed();
                }
                case Signal.HostStatus status -> {
                    UnaryOperator<HostEntry> news = h -> h.id().equals(status.hostId())
                            ? h.with(
                                    status.status(),
                                    status.gpuUsage(),
                                    status.activeSessions(),
                                    status.updatedAt().toString())
                            : h;
                    replaceHosts(list -> list.stream().map(news).toList());
                    changed();
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
