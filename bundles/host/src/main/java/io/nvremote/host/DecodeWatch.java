// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.encode.Encoder;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.media.Codec;
import io.nvremote.stream.StreamMessage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Judges encoders by what the client says became of their pictures. A client that decodes nothing of one encoder gets the next. Only when
 * it decodes that one's, or has decoded another's before, is the encoder at fault and not the client: a broken client takes no encoder
 * away from others. What a bad path breaks counts for nobody.
 *
 * <p>Not safe for threads.
 */
final class DecodeWatch {

    /** So many reports in a row of failures alone, a second apart, are a verdict. */
    static final int REPORTS = 3;

    /** With more loss than that, failures say nothing of the encoder. */
    private static final double LOSSY = 0.02;

    private final Consumer<ServiceCandidate<Encoder>> passOver;
    private final Consumer<ServiceCandidate<Encoder>> blame;
    private long decoded;
    private long undecodable;
    private int bad;
    private @Nullable Codec judgedCodec;
    /** Of which the pictures of the running count are. */
    private @Nullable ServiceCandidate<Encoder> judged;
    /** One whose pictures this client decoded. */
    private @Nullable ServiceCandidate<Encoder> good;
    /** Passed over, and to be blamed if the client can decode the next. */
    private @Nullable ServiceCandidate<Encoder> suspect;

    /**
     * A watch over one client.
     *
     * @param passOver is asked to use another encoder for this client, if there is one
     * @param blame is told of an encoder whose pictures can't be decoded
     */
    DecodeWatch(Consumer<ServiceCandidate<Encoder>> passOver, Consumer<ServiceCandidate<Encoder>> blame) {
        this.passOver = passOver;
        this.blame = blame;
    }

    /** A report of the client, while this encoder made its pictures, in this codec. */
    void report(StreamMessage.Decoded now, @Nullable ServiceCandidate<Encoder> inUse, Codec codec, double loss) {
        boolean gained = now.decoded() > decoded;
        boolean failed = now.undecodable() > undecodable;
        decoded = now.decoded();
        undecodable = now.undecodable();
        if (!codec.equals(judgedCodec)) {
            judgedCodec = codec;
            judged = null;
            good = null; // Says something of the client, and of no encoder of another codec.
            suspect = null;
        }
        if (inUse == null) {
            return;
        }
        if (!inUse.equals(judged)) {
            judged = inUse;
            bad = 0; // The report that tells of the change tells of both.
            return;
        }
        if (gained) {
            decodes(inUse);
        } else if (failed && loss < LOSSY) {
            bad++;
            if (bad == REPORTS) {
                condemn(inUse);
            }
        }
    }

    private void decodes(ServiceCandidate<Encoder> encoder) {
        bad = 0;
        good = encoder;
        ServiceCandidate<Encoder> other = suspect;
        suspect = null;
        if (other != null && !other.equals(encoder)) {
            blame.accept(other);
        }
    }

    private void condemn(ServiceCandidate<Encoder> encoder) {
        if (suspect != null && !suspect.equals(encoder)) {
            suspect = null; // Two of them: the client it is.
        } else if (good != null && !good.equals(encoder)) {
            blame.accept(encoder);
        } else {
            suspect = encoder;
            passOver.accept(encoder);
        }
    }
}
