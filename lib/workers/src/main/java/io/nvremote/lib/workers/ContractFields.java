// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.workers;

import io.nvremote.capture.CaptureError;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.core.Bitrate;
import io.nvremote.core.CoreError;
import io.nvremote.core.ErrorCode;
import io.nvremote.core.FrameRate;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.media.Codec;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Sampling;
import io.nvremote.media.Size;
import io.nvremote.media.StageStamps;
import io.nvremote.media.SurfaceKind;
import java.util.List;
import java.util.stream.Stream;

/** The words of the contracts as fields. */
public final class ContractFields {

    private static final List<ErrorCode> CODES = Stream.<ErrorCode[]>of(
                    EncodeError.values(), CaptureError.values(), CoreError.values())
            .flatMap(Stream::of)
            .toList();

    private ContractFields() {}

    public static void put(FieldWriter to, EncodeSpec spec) {
        to.text(spec.codec().name())
                .number(spec.size().width())
                .number(spec.size().height())
                .number(spec.rate().perSecond())
                .number(spec.bitrate().bitsPerSecond())
                .text(spec.sampling().chroma())
                .number(spec.sampling().depth())
                .text(spec.pictures().memory())
                .text(spec.pictures().device())
                .text(spec.pictures().place())
                .text(spec.pictures().format().name())
                .number(spec.pictures().format().planes());
    }

    public static EncodeSpec encodeSpec(FieldReader from) throws ProtocolFault {
        return new EncodeSpec(
                new Codec(from.text()),
                size(from),
                new FrameRate(from.number()),
                new Bitrate(from.longNumber()),
                new Sampling(from.text(), from.number()),
                new SurfaceKind(from.text(), from.text(), from.text(), new PixelFormat(from.text(), from.number())));
    }

    public static void put(FieldWriter to, CaptureSpec spec) {
        to.text(spec.display())
                .number(spec.size().width())
                .number(spec.size().height())
                .number(spec.rate().perSecond());
    }

    public static CaptureSpec captureSpec(FieldReader from) throws ProtocolFault {
        return new CaptureSpec(from.text(), size(from), new FrameRate(from.number()));
    }

    static Size size(FieldReader from) throws ProtocolFault {
        int width = from.number();
        int height = from.number();
        try {
            return new Size(width, height);
        } catch (StreamException e) {
            throw new ProtocolFault(String.valueOf(e.getMessage()));
        }
    }

    public static void put(FieldWriter to, StageStamps stamps) {
        to.number(stamps.shownNanos())
                .number(stamps.capturedNanos())
                .number(stamps.convertedNanos())
                .number(stamps.encodedNanos())
                .number(stamps.sentNanos());
    }

    public static StageStamps stamps(FieldReader from) throws ProtocolFault {
        return new StageStamps(
                from.longNumber(), from.longNumber(), from.longNumber(), from.longNumber(), from.longNumber());
    }

    /** What was thrown: a code of the contracts by its place and name, else the text alone. */
    public static void put(FieldWriter to, Throwable thrown) {
        if (thrown instanceof StreamException known && CODES.contains(known.code())) {
            to.text(known.code().getClass().getSimpleName() + "." + known.code().name());
            to.text(String.valueOf(known.getMessage()));
        } else {
            to.text("").text(String.valueOf(thrown));
        }
    }

    /** What the other side threw; {@code otherwise} is the code of what has none. */
    public static StreamException thrown(FieldReader from, ErrorCode otherwise) throws ProtocolFault {
        String name = from.text();
        ErrorCode code = CODES.stream()
                .filter(each -> name.equals(each.getClass().getSimpleName() + "." + each.name()))
                .findFirst()
                .orElse(otherwise);
        return new StreamException(code, from.text());
    }
}
