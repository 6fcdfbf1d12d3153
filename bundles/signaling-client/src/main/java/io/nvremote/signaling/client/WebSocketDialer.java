// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.client;

import io.nvremote.lib.services.Current;
import io.nvremote.lib.services.Successor;
import io.nvremote.signaling.SignalCodec;
import io.nvremote.signaling.SignalDialer;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The dialer as a service. Links that are still open when it goes away are closed with it. Safe for any thread. */
@Component
public final class WebSocketDialer implements SignalDialer {

    private final LinkPace pace;
    private final Set<WebSocketLink> open = ConcurrentHashMap.newKeySet();

    private final Current<SignalCodec> codec = new Current<>();

    /** For a runtime, which binds the codec. */
    @Activate
    public WebSocketDialer() {
        pace = LinkPace.STANDARD;
    }

    /** For use outside a framework. */
    public WebSocketDialer(SignalCodec codec) {
        this(codec, LinkPace.STANDARD);
    }

    WebSocketDialer(SignalCodec codec, LinkPace pace) {
        this.pace = pace;
        bindCodec(codec);
    }

    /** For what is said and heard from now on, also by links that are open. */
    @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindCodec(SignalCodec next) {
        codec.set(next);
    }

    void unbindCodec(SignalCodec gone) {
        codec.unset(gone);
    }

    @Override
    public SignalLink dial(URI uri, @Nullable SSLContext tls, LinkListener listener) {
        HttpClient.Builder http = HttpClient.newBuilder().connectTimeout(pace.connect());
        if (tls != null) {
            http.sslContext(tls);
        }
        WebSocketLink link = new WebSocketLink(uri, http.build(), listener, codec, pace, open::remove);
        open.add(link);
        link.start();
        return link;
    }

    /** Ends the links that are open, unless another dialer goes on: their owners end them when they have dialled anew. */
    @Deactivate
    void stop(BundleContext context) {
        if (!Successor.isThere(context, SignalDialer.class)) {
            close();
        }
    }

    void close() {
        open.forEach(WebSocketLink::close);
    }
}
