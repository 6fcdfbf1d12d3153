// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.grpc;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.nvremote.core.Keys;
import io.nvremote.core.Remedy;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.relay.GatewayInfo;
import io.nvremote.relay.RelayError;
import io.nvremote.relay.RelayTable;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what the control plane asks. Called on one virtual thread for each call. */
class GatewayControlService extends GatewayControlGrpc.GatewayControlImplBase {

    private static final Logger LOG = LoggerFactory.getLogger(GatewayControlService.class);

    private final RelayTable table;
    private final GatewayInfo info;

    GatewayControlService(RelayTable table, GatewayInfo info) {
        this.table = table;
        this.info = info;
    }

    @Override
    public void info(GatewayProto.InfoRequest request, StreamObserver<GatewayProto.InfoReply> reply) {
        answer(reply, () -> GatewayProto.InfoReply.newBuilder()
                .setGatewayId(info.id().toString())
                .setEndpoint(info.endpoint().toString())
                .setPublicKey(info.publicKey().toString())
                .setSequence(table.sequence())
                .build());
    }

    @Override
    public void upsert(GatewayProto.UpsertRequest request, StreamObserver<GatewayProto.ChangeReply> reply) {
        change(
                reply,
                request.getSequence(),
                () -> table.upsert(request.getSequence(), Messages.session(request.getSession())));
    }

    @Override
    public void remove(GatewayProto.RemoveRequest request, StreamObserver<GatewayProto.ChangeReply> reply) {
        change(
                reply,
                request.getSequence(),
                () -> table.remove(request.getSequence(), SessionId.of(request.getSessionId())));
    }

    @Override
    public void replaceAll(GatewayProto.ReplaceAllRequest request, StreamObserver<GatewayProto.ChangeReply> reply) {
        change(reply, request.getSequence(), () -> {
            table.replaceAll(
                    request.getSequence(),
                    request.getSessionsList().stream().map(Messages::session).toList());
            LOG.atInfo()
                    .addKeyValue(Keys.COUNT, request.getSessionsCount())
                    .log("the control plane sent the full set of sessions");
        });
    }

    @Override
    public void metrics(GatewayProto.MetricsRequest request, StreamObserver<GatewayProto.MetricsReply> reply) {
        answer(reply, () -> Messages.counters(table.counters()));
    }

    private static void change(StreamObserver<GatewayProto.ChangeReply> reply, long sequence, Runnable change) {
        answer(reply, () -> {
            change.run();
            return GatewayProto.ChangeReply.newBuilder().setSequence(sequence).build();
        });
    }

    private static <T> void answer(StreamObserver<T> reply, Supplier<T> work) {
        T result;
        try {
            result = work.get();
        } catch (StreamException e) {
            Status status = e.code() == RelayError.STALE_CHANGE
                    ? Status.ABORTED
                    : e.code().remedy() == Remedy.RETRY ? Status.UNAVAILABLE : Status.INVALID_ARGUMENT;
            reply.onError(status.withDescription(e.code().name() + ": " + e.getMessage())
                    .asRuntimeException());
            return;
        }
        reply.onNext(result);
        reply.onCompleted();
    }
}
