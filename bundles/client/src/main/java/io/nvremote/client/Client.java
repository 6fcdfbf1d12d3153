// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.lib.services.OtherVersion;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.runtime.Underway;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalDialer;
import io.nvremote.tunnel.TunnelProvider;
import io.nvremote.viewer.BootstrapToken;
import io.nvremote.viewer.HostEntry;
import io.nvremote.viewer.StreamView;
import io.nvremote.viewer.Viewer;
import io.nvremote.viewer.ViewerError;
import io.nvremote.viewer.ViewerListener;
import io.nvremote.viewer.ViewerSession;
import io.nvremote.viewer.ViewerState;
import io.nvremote.viewer.ViewerTrackFactory;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The client: who is signed in, which hosts there are, and the one connection. Views show it and act on it. Methods may
 * block on the control plane; safe for any thread. Replaced by another version of itself it keeps its views and its stream until that
 * is over; views change over then.
 */
@Designate(ocd = ClientConfig.class)
@Component(
        service = {Viewer.class, Underway.class},
        immediate = true,
        configurationPid = ClientConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class Client implements Viewer, Underway, AutoCloseable {

    private final ControlPlane control;
    private final SignIn signIn;
    private final HostChannel channel;
    private final StreamServices services;
    private final SessionCalls sessions;
    private final List<ViewerListener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable Connection> connection = new AtomicReference<>();
    private volatile @Nullable StreamException signInError;

    /** As the runtime makes it. */
    @Activate
    public Client(ClientConfig config, Map<String, Object> properties) {
        this(ClientSettings.of(config, properties));
    }

    private Client(ClientSettings settings) {
        this(
                new ControlPlane(settings.control(), settings.tls()),
                settings.door(),
                settings.tls(),
                StreamServices.of(settings));
    }

    /** For connections made from now on. */
    @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindTunnels(TunnelProvider next) {
        services.tunnels().set(next);
    }

    void unbindTunnels(TunnelProvider gone) {
        services.tunnels().unset(gone);
    }

    @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindDialer(SignalDialer next) {
        channel.dialer(next);
    }

    void unbindDialer(SignalDialer gone) {
        channel.dialerGone(gone);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            updated = "bindTrack")
    void bindTrack(ViewerTrackFactory factory, Map<String, Object> properties) {
        if (OtherVersion.isOf(FrameworkUtil.getBundle(Client.class), FrameworkUtil.getBundle(factory.getClass()))) {
            return; // They go with its own stream.
        }
        services.tracks().add(ServiceCandidate.of(factory, properties, ViewerTrackFactory.NAME));
    }

    void unbindTrack(ViewerTrackFactory factory, Map<String, Object> properties) {
        services.tracks().remove(ServiceCandidate.id(properties));
    }

    Client(ControlPlane control, @Nullable SSLContext tls, SignalDialer dialer, StreamServices services) {
        this(control, control.base(), tls, services);
        bindDialer(dialer);
    }

    /** @param door where a browser reaches the control plane for sign-in */
    private Client(ControlPlane control, URI door, @Nullable SSLContext tls, StreamServices services) {
        this.control = control;
        this.services = services;
        this.signIn = new SignIn(control, door, services.clock());
        this.sessions = new SessionCalls(control, signIn, services.policy());
        this.channel = new HostChannel(control, signIn, tls, new ChannelOwner());
    }

    @Override
    public Registration listen(ViewerListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public List<String> underway() {
        Connection held = connection.get();
        return held == null || held.phase().over() ? List.of() : List.of("the stream that is watched");
    }

    // ---- sign-in ----

    @Override
    public URI beginSignIn(String redirect) {
        signInError = null;
        return signIn.begin(redirect);
    }

    @Override
    public void finishSignIn(@Nullable String query) {
        try {
            signIn.finish(Query.read(query));
            channel.open();
        } catch (IllegalArgumentException e) {
            throw refused(new StreamException(ViewerError.SIGN_IN_FAILED, "the answer can't be read", e));
        } catch (StreamException e) {
            throw refused(e);
        } finally {
            changed();
        }
    }

    private StreamException refused(StreamException e) {
        signInError = e;
        return e;
    }

    @Override
    public void signOut() {
        disconnect("signed out");
        channel.shut();
        try {
            signIn.signOut();
        } finally {
            changed();
        }
    }

    // ---- connection ----

    @Override
    public ViewerSession connect(HostId id, StreamView view) {
        HostEntry host = channel.hosts()
                .find(id)
                .orElseThrow(() -> new StreamException(ViewerError.HOST_UNKNOWN, "no host has the id " + id));
        Connection made = new Connection(host, services, sessions, view, channel::send, this::changed);
        Connection before = connection.get();
        if ((before != null && !before.phase().over()) || !connection.compareAndSet(before, made)) {
            throw new StreamException(ViewerError.ALREADY_CONNECTED, "there is a session already");
        }
        Thread.ofVirtual().name("connection").start(() -> {
            made.run();
            changed();
        });
        changed();
        return made;
    }

    @Override
    public void disconnect(String why) {
        Connection held = connection.getAndSet(null);
        if (held != null) {
            held.end(why);
        }
        changed();
    }

    @Override
    public @Nullable ViewerSession session() {
        return connection.get();
    }

    @Override
    public BootstrapToken bootstrapToken(OrgId org) {
        return control.bootstrapToken(org, signIn.token());
    }

    // ---- state ----

    @Override
    public ViewerState state() {
        HostList shown = channel.hosts();
        return new ViewerState(
                signIn.signedIn(),
                channel.person(),
                control.base().getRawAuthority(),
                channel.state(),
                signInError,
                shown.whole(),
                shown.all(),
                connection.get());
    }

    private void changed() {
        listeners.forEach(ViewerListener::changed);
    }

    @Deactivate
    @Override
    public void close() {
        Connection held = connection.get();
        if (held != null) {
            held.end("the client stops");
        }
        channel.close();
        control.close();
    }

    /** What the control plane's channel tells goes to whom it concerns. */
    private final class ChannelOwner implements HostChannel.Owner {

        @Override
        public void changed() {
            Client.this.changed();
        }

        @Override
        public void hostsChanged() {
            listeners.forEach(ViewerListener::hostsChanged);
        }

        @Override
        public void over(StreamException reason) {
            signIn.forget();
            signInError = reason;
            Client.this.changed();
        }

        @Override
        public void received(Signal signal) {
            Connection held = connection.get();
            if (held != null) {
                held.signal(signal);
            }
        }
    }
}
