// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvremote.core.Secret;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.lib.json.Json;
import io.nvremote.tunnel.Endpoint;
import io.nvremote.tunnel.PathPolicy;
import io.nvremote.tunnel.RelayBinding;
import io.nvremote.tunnel.TunnelKeys;
import io.nvremote.tunnel.TunnelRole;
import io.nvremote.tunnel.TunnelSpec;
import io.nvremote.viewer.ViewerError;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** What the control plane answered to a wish for a session; the host's key may still be missing. */
record SessionOffer(
        SessionId session,
        String status,
        @Nullable String hostKey,
        String clientIp,
        String hostIp,
        String gateway,
        Secret ticket) {

    static SessionOffer of(JsonNode answer) {
        return new SessionOffer(
                SessionId.of(Json.text(answer, "session_id", ViewerError.SESSION_REFUSED)),
                Json.text(answer, "status", ViewerError.SESSION_REFUSED),
                Json.textOrNull(answer, "host_public_key"),
                Json.text(answer, "client_tunnel_ip", ViewerError.SESSION_REFUSED),
                Json.text(answer, "host_tunnel_ip", ViewerError.SESSION_REFUSED),
                Json.text(answer, "gateway_endpoint", ViewerError.SESSION_REFUSED),
                new Secret(Json.text(answer, "relay_ticket", ViewerError.SESSION_REFUSED)));
    }

    TunnelSpec spec(TunnelKeys keys, String hostPublicKey, PathPolicy policy) {
        return new TunnelSpec(
                session,
                TunnelRole.INITIATOR,
                keys,
                hostPublicKey,
                inner("client_tunnel_ip", clientIp),
                inner("host_tunnel_ip", hostIp),
                new RelayBinding(endpoint(gateway), ticket),
                policy,
                TunnelSpec.MTU_BYTES);
    }

    /** {@code host:port}, the host a name or an address. */
    static InetSocketAddress endpoint(String text) {
        try {
            return Endpoint.parse(text).resolve();
        } catch (UnknownHostException | StreamException e) {
            throw new StreamException(ViewerError.SESSION_REFUSED, "not a usable host:port: " + text, e);
        }
    }

    /** An address inside the tunnel: four numbers, never a name. */
    private static Inet4Address inner(String field, String text) {
        try {
            if (text.matches("\\d{1,3}(\\.\\d{1,3}){3}")
                    && InetAddress.getByName(text) instanceof Inet4Address address) {
                return address;
            }
        } catch (UnknownHostException e) {
            throw new StreamException(ViewerError.SESSION_REFUSED, field + " is no IPv4 address: " + text, e);
        }
        throw new StreamException(ViewerError.SESSION_REFUSED, field + " is no IPv4 address: " + text);
    }
}
