// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.nvremote.core.Bitrate;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.AccessUnitSink;
import io.nvremote.media.Frame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** HEVC by the machine's libx265, without delay. Offsets are those of {@code x265.h}, version 3.5. One thread. */
@SuppressWarnings("restricted") // another author's library
final class X265 implements EncoderSession {

    private static final Path FOLDER = Path.of("/usr/lib/x86_64-linux-gnu");
    /** As far as it is used here. */
    private static final long PICTURE_BYTES = 68;

    private static final long PICTURE_TIME = 0;
    private static final long PICTURE_PLANES = 24;
    private static final long PICTURE_STRIDES = 48;
    private static final long PICTURE_DEPTH = 60;
    private static final long PICTURE_TYPE = 64;
    private static final int TYPE_IDR = 1;
    private static final long NAL_BYTES = 16;
    private static final int NAL_IDR = 19;
    private static final int NAL_IDR_ALONE = 20;

    private final EncodeSpec spec;
    private final AccessUnitSink sink;
    private final Picture picture;
    private final Arena arena = Arena.ofShared();
    private final SymbolLookup library;
    private final String version;
    private final MemorySegment encoder;
    private final MemorySegment input;
    private final MemorySegment nals = arena.allocate(ADDRESS);
    private final MemorySegment count = arena.allocate(JAVA_INT);
    private long presented;

    X265(EncodeSpec spec, AccessUnitSink sink) {
        Path file = library();
        assertThat(file).isNotNull();
        this.spec = spec;
        this.sink = sink;
        library = SymbolLookup.libraryLookup(file, Arena.global());
        version = file.toString().replaceAll(".*\\.so\\.", "");
        MemorySegment parameters = (MemorySegment) call(ADDRESS, "x265_param_alloc");
        call(JAVA_INT, "x265_param_default_preset", parameters, text("ultrafast"), text("zerolatency"));
        Map.of(
                        "input-res", spec.size().width() + "x" + spec.size().height(),
                        "fps", "" + spec.rate().perSecond(),
                        "bitrate", "" + spec.bitrate().bitsPerSecond() / 1000,
                        "keyint", "-1",
                        "scenecut", "0",
                        "repeat-headers", "1",
                        "info", "0",
                        "open-gop", "0",
                        "annexb", "1",
                        "log-level", "none")
                .forEach((key, value) -> assertThat(
                                call(JAVA_INT, "x265_param_parse", parameters, text(key), text(value)))
                        .as(key)
                        .isEqualTo(0));
        input = ((MemorySegment) call(ADDRESS, "x265_picture_alloc")).reinterpret(PICTURE_BYTES);
        call(null, "x265_picture_init", parameters, input);
        assertThat(input.get(JAVA_INT, PICTURE_DEPTH)).isEqualTo(8);
        encoder = (MemorySegment) call(ADDRESS, "x265_encoder_open_" + version, parameters);
        call(null, "x265_param_free", parameters);
        picture = new Picture(spec.size());
    }

    private static @Nullable Path library() {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(FOLDER, "libx265.so.*")) {
            Iterator<Path> files = found.iterator();
            return files.hasNext() ? files.next() : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Aborts the test, or fails it under CI, where there is none. */
    static void needed() {
        if (Files.isDirectory(FOLDER) && library() != null) {
            return;
        }
        if ("true".equals(System.getenv("CI"))) {
            fail("libx265 is needed: install the Debian package ffmpeg");
        }
        Assumptions.abort("NOT PROVEN: decoding of HEVC: install the Debian package ffmpeg, which brings libx265");
    }

    private MemorySegment text(String value) {
        return arena.allocateFrom(value);
    }

    private Object call(@Nullable MemoryLayout result, String function, MemorySegment... arguments) {
        MemoryLayout[] layouts = new MemoryLayout[arguments.length];
        Arrays.fill(layouts, ADDRESS);
        FunctionDescriptor form =
                result == null ? FunctionDescriptor.ofVoid(layouts) : FunctionDescriptor.of(result, layouts);
        try {
            return Linker.nativeLinker()
                    .downcallHandle(library.findOrThrow(function), form)
                    .invokeWithArguments((Object[]) arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(function, e);
        }
    }

    @Override
    public void encode(Frame frame, boolean forceKeyFrame) {
        picture.load(frame);
        AVFrame planes = picture.frame();
        input.set(JAVA_LONG, PICTURE_TIME, presented++);
        input.set(JAVA_INT, PICTURE_TYPE, forceKeyFrame ? TYPE_IDR : 0);
        for (int i = 0; i < 3; i++) {
            input.set(
                    ADDRESS,
                    PICTURE_PLANES + 8L * i,
                    MemorySegment.ofAddress(planes.data(i).address()));
            input.set(JAVA_INT, PICTURE_STRIDES + 4L * i, planes.linesize(i));
        }
        assertThat(call(JAVA_INT, "x265_encoder_encode", encoder, nals, count, input, MemorySegment.NULL))
                .as("pictures that came out")
                .isEqualTo(1);
        int number = count.get(JAVA_INT, 0);
        MemorySegment list = nals.get(ADDRESS, 0).reinterpret(number * NAL_BYTES);
        boolean key = false;
        long bytes = 0; // The payloads lie one behind the other.
        for (int i = 0; i < number; i++) {
            int type = list.get(JAVA_INT, i * NAL_BYTES);
            key |= type == NAL_IDR || type == NAL_IDR_ALONE;
            bytes += list.get(JAVA_INT, i * NAL_BYTES + 4);
        }
        MemorySegment unit = list.get(ADDRESS, 8).reinterpret(bytes);
        sink.accept(new AccessUnit(
                spec.codec(), unit.asByteBuffer().asReadOnlyBuffer(), key, frame.sequence(), frame.stamps()));
    }

    @Override
    public Bitrate retarget(Bitrate target) {
        return spec.bitrate();
    }

    @Override
    public void close() {
        call(null, "x265_encoder_close", encoder);
        call(null, "x265_picture_free", input);
        picture.close();
        arena.close();
    }
}
