// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.media.Codec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The formats that this transport knows. The only place that names them; immutable. */
record PayloadFormats(List<PayloadFormat> all) {

    static final PayloadFormats STANDARD =
            new PayloadFormats(List.of(new H264Format(), new HevcFormat(), new Av1Format()));

    PayloadFormats {
        all = List.copyOf(all);
    }

    /** @throws StreamException {@link CoreError#INVALID_VALUE} if units of this codec can't be carried */
    PayloadFormat of(Codec codec) {
        for (PayloadFormat format : all) {
            if (format.codec().equals(codec)) {
                return format;
            }
        }
        throw new StreamException(CoreError.INVALID_VALUE, "transport has no payload format for " + codec);
    }

    /** The format of a packet; null if its payload type is none of them. */
    @Nullable
    PayloadFormat ofType(int payloadType) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).payloadType() == payloadType) {
                return all.get(i);
            }
        }
        return null;
    }
}
