// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.grpc;

import com.google.protobuf.ByteString;
import io.nvremote.core.Secret;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.relay.RelayCounters;
import io.nvremote.relay.RelayError;
import io.nvremote.relay.RelaySession;
import java.time.Instant;
import java.util.Base64;

/** Between the words of the API and the messages of the wire. */
final class Messages {

    private Messages() {}

    static GatewayProto.Session session(RelaySession session) {
        TunnelPublicKey hostKey = session.hostPublicKey();
        return GatewayProto.Session.newBuilder()
                .setId(session.id().toString())
                .setClientPublicKey(session.clientPublicKey().toString())
                .setHostPublicKey(hostKey == null ? "" : hostKey.toString())
                .setClientTicket(ticket(session.clientTicket()))
                .setHostTicket(ticket(session.hostTicket()))
                .setExpiresEpochMillis(session.expires().toEpochMilli())
                .build();
    }

    private static ByteString ticket(Secret ticket) {
        return ByteString.copyFrom(Base64.getDecoder().decode(ticket.reveal()));
    }

    /** Throws the error of the first rule that the message breaks. */
    static RelaySession session(GatewayProto.Session session) {
        return new RelaySession(
                SessionId.of(session.getId()),
                key("client", session.getClientPublicKey()),
                session.getHostPublicKey().isEmpty() ? null : key("host", session.getHostPublicKey()),
                ticket(session.getClientTicket()),
                ticket(session.getHostTicket()),
                Instant.ofEpochMilli(session.getExpiresEpochMillis()));
    }

    private static TunnelPublicKey key(String whose, String text) {
        try {
            return TunnelPublicKey.parse(text);
        } catch (StreamException e) {
            throw new StreamException(RelayError.BAD_SESSION, whose + " public key: " + e.getMessage(), e);
        }
    }

    private static Secret ticket(ByteString bytes) {
        return new Secret(Base64.getEncoder().encodeToString(bytes.toByteArray()));
    }

    static GatewayProto.MetricsReply counters(RelayCounters counters) {
        return GatewayProto.MetricsReply.newBuilder()
                .setSessions(counters.sessions())
                .setBound(counters.bound())
                .setDatagrams(counters.datagrams())
                .setBytes(counters.bytes())
                .setStunAnswers(counters.stunAnswers())
                .putAllDrops(counters.drops())
                .build();
    }

    static RelayCounters counters(GatewayProto.MetricsReply reply) {
        return RelayCounters.of(
                reply.getSessions(),
                reply.getBound(),
                reply.getDatagrams(),
                reply.getBytes(),
                reply.getStunAnswers(),
                reply.getDropsMap());
    }
}
