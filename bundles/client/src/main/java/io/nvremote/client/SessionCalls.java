// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.PathPolicy;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.lib.json.Json;
import io.nvremote.viewer.HostEntry;

/** Sessions of who is signed in, at the control plane. Blocks; safe for any thread. */
final class SessionCalls implements Connection.SessionApi {

    private final ControlPlane control;
    private final SignIn signIn;
    private final PathPolicy policy;

    SessionCalls(ControlPlane control, SignIn signIn, PathPolicy policy) {
        this.control = control;
        this.signIn = signIn;
        this.policy = policy;
    }

    @Override
    public SessionOffer create(HostEntry host, TunnelPublicKey publicKey) {
        ObjectNode body = Json.object();
        body.put("host_id", host.id().toString());
        body.put("client_public_key", publicKey.toString());
        body.put("path", policy.wireName());
        JsonNode answer = control.post("/sessions", body, signIn.token());
        try {
            return SessionOffer.of(answer);
        } catch (StreamException e) {
            try {
                delete(SessionOffer.id(answer), SessionEnd.inOneWord(e.code().name())); // made, and of no use
            } catch (StreamException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    @Override
    public void delete(SessionOffer offer, String reason) {
        delete(offer.session(), reason);
    }

    private void delete(SessionId session, String reason) {
        if (signIn.signedIn()) {
            control.delete("/sessions/" + session + "?reason=" + reason, signIn.token());
        }
    }
}
