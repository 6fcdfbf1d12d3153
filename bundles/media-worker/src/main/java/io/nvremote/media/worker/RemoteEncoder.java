// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.AccessUnitSink;

/** An encoder whose sessions run in workers, each in its own. */
final class RemoteEncoder implements Encoder {

    private final BodyWorkers workers;

    RemoteEncoder(BodyWorkers workers) {
        this.workers = workers;
    }

    @Override
    public EncoderSession open(EncodeSpec spec, AccessUnitSink sink) {
        return started(new RemoteEncoderSession(workers, spec, sink, false));
    }

    @Override
    public EncoderSession takeOver(EncodeSpec spec, AccessUnitSink sink) {
        return started(new RemoteEncoderSession(workers, spec, sink, true));
    }

    private static EncoderSession started(RemoteEncoderSession session) {
        session.start();
        return session;
    }
}
