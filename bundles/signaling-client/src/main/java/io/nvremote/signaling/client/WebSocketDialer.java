// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.client;

import io.nvremote.signaling.SignalCodec;
import io.nvremote.signaling.SignalDialer;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The dialer as a service. Links that are still open when it goes away are closed with it. Safe for any thread. */
@Component
public final class WebSocketDialer implements SignalDialer {

    private final SignalCodec codec;
    private final LinkPace pace;
    private final Set<WebSocketLink> open = ConcurrentHashMap.newKeySet();

    @Activate
    public WebSocketDialer(@Reference SignalCodec codec) {
        this(codec, LinkPace.STANDARD);
    }

    WebSocketDialer(SignalCodec codec, LinkPace pace) {
        this.codec = codec;
        this.pace = pace;
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

    @Deactivate
    void close() {
        open.forEach(WebSocketLink::close);
    }
}
