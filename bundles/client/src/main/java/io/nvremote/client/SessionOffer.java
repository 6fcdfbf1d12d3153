// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvremote.core.Endpoint;
import io.nvremote.core.ErrorCode;
import io.nvremote.core.PathPolicy;
import io.nvremote.core.Secret;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.core.TunnelAddress;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.lib.json.Json;
import io.nvremote.tunnel.RelayBinding;
import io.nvremote.tunnel.TunnelError;
import io.nvremote.tunnel.TunnelKeys;
import io.nvremote.tunnel.TunnelRole;
import io.nvremote.tunnel.TunnelSpec;
import io.nvremote.viewer.ViewerError;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the control plane answered to a wish for a session; the host's key may still be missing. */
record SessionOffer(
        SessionId session,
        String status,
        @Nullable TunnelPublicKey hostKey,
        TunnelAddress clientIp,
        TunnelAddress hostIp,
        Endpoint gateway,
        Secret ticket) {

    static SessionOffer of(JsonNode answer) {
        String hostKey = Json.textOrNull(answer, "host_public_key");
        return new SessionOffer(
                id(answer),
                text(answer, "status"),
                hostKey == null ? null : value("host_public_key", hostKey, TunnelPublicKey::parse, TunnelError.BAD_KEY),
                value(answer, "client_tunnel_ip", TunnelAddress::parse),
                value(answer, "host_tunnel_ip", TunnelAddress::parse),
                value(answer, "gateway_endpoint", Endpoint::parse),
                new Secret(text(answer, "relay_ticket")));
    }

    /** Whose answer it is, for whoever can use nothing else of it. */
    static SessionId id(JsonNode answer) {
        return SessionId.of(text(answer, "session_id"));
    }

    private static String text(JsonNode answer, String field) {
        return Json.text(answer, field, ViewerError.SESSION_REFUSED);
    }

    private static <T> T value(JsonNode answer, String field, Function<String, T> read) {
        return value(field, text(answer, field), read, ViewerError.SESSION_REFUSED);
    }

    private static <T> T value(String field, String text, Function<String, T> read, ErrorCode otherwise) {
        try {
            return read.apply(text);
        } catch (StreamException e) {
            throw new StreamException(otherwise, field + ": " + e.getMessage(), e);
        }
    }

    TunnelSpec spec(TunnelKeys keys, TunnelPublicKey hostPublicKey, PathPolicy policy) {
        return new TunnelSpec(
                session,
                TunnelRole.INITIATOR,
                keys,
                hostPublicKey,
                clientIp,
                hostIp,
                new RelayBinding(resolved(gateway), ticket),
                policy,
                TunnelSpec.MTU_BYTES);
    }

    static InetSocketAddress resolved(Endpoint endpoint) {
        try {
            return endpoint.resolve();
        } catch (UnknownHostException e) {
            throw new StreamException(ViewerError.SESSION_REFUSED, "not a usable host:port: " + endpoint, e);
        }
    }
}
