// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;
import io.nvremote.media.Size;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What a stream of least delay asks of NVENC: the preset P1 for ultra low latency, and over it what that leaves open. No picture is
 * held back or reordered, there is no key frame but those asked for, and no picture is larger than its share of the rate: the buffer
 * of the rate control (VBV) is one picture, and follows each change of the rate.
 */
final class StreamParameters {

    private static final Guid PRESET_P1 = Guid.of("fc0a8d3e-45f8-4cf8-80c7-298871590ebf");
    private static final int ULTRA_LOW_LATENCY = 3;
    private static final int NEVER = -1;
    private static final int CONSTANT_BITRATE = 2;
    private static final int TWO_PASSES_QUARTER = 1;
    private static final int NUMBER_OF_SLICES = 3;
    private static final int CHROMA_420 = 1;
    private static final int BT709 = 1;
    private static final int FORMAT_UNSPECIFIED = 5;
    private static final int CABAC = 1;
    private static final int BITS = 8;

    /** CONFIG: where its parts begin. */
    private static final long RATE = 40;

    private static final long CODEC = 168;
    /** Where CONFIG lies in PRESET_CONFIG, and INITIALIZE in RECONFIGURE. */
    private static final long INNER = 8;

    private final FrameRate rate;
    /** Whether the rate control's buffer has a size of ours: else the driver's own. */
    private final boolean buffers;

    private final MemorySegment config;
    private final MemorySegment initialize;
    private final MemorySegment reconfigure;

    /** The session's context is current. */
    StreamParameters(NvencLibrary library, MemorySegment session, StreamSpec spec, Capabilities can, Arena arena) {
        rate = spec.rate();
        buffers = can.buffers();
        NvencStructs structs = library.structs();
        MemorySegment preset = structs.allocate(NvencStruct.PRESET_CONFIG, arena);
        config = preset.asSlice(INNER, NvencStruct.CONFIG.bytes());
        structs.stamp(NvencStruct.CONFIG, config, 0);
        NvencCodec codec = spec.codec();
        int status = library.preset(session, codec.guid().in(arena), PRESET_P1.in(arena), ULTRA_LOW_LATENCY, preset);
        if (status != NvencStatus.SUCCESS) {
            throw NvencStatus.refused(status, "has no preset of least delay for " + codec);
        }
        structs.stamp(NvencStruct.CONFIG, config, 0);
        structs.stamp(NvencStruct.RATE_CONTROL, config, RATE);
        describeStream(codec);
        describeCodec(codec, spec.references(can), library.api());
        initialize = structs.allocate(NvencStruct.INITIALIZE, arena);
        describePictures(codec, spec.size());
        reconfigure = structs.allocate(NvencStruct.RECONFIGURE, arena);
        MemorySegment.copy(initialize, 0, reconfigure, INNER, initialize.byteSize());
        retarget(spec.bitrate());
    }

    private void describePictures(NvencCodec codec, Size size) {
        codec.guid().write(initialize, 4);
        PRESET_P1.write(initialize, 20);
        initialize.set(JAVA_INT, 36, size.width());
        initialize.set(JAVA_INT, 40, size.height());
        initialize.set(JAVA_INT, 44, size.width()); // and the shape in which they are shown
        initialize.set(JAVA_INT, 48, size.height());
        initialize.set(JAVA_INT, 52, rate.perSecond());
        initialize.set(JAVA_INT, 56, 1);
        initialize.set(JAVA_INT, 64, 1); // enablePTD: the driver chooses the types of pictures
        initialize.set(ADDRESS, 88, config);
        initialize.set(JAVA_INT, 96, size.width());
        initialize.set(JAVA_INT, 100, size.height());
        initialize.set(JAVA_INT, 136, ULTRA_LOW_LATENCY);
    }

    private void describeStream(NvencCodec codec) {
        codec.profile().write(config, 4);
        config.set(JAVA_INT, 20, NEVER); // gopLength
        config.set(JAVA_INT, 24, 1); // frameIntervalP: no B frames
        config.set(JAVA_INT, RATE + 4, CONSTANT_BITRATE);
        config.set(JAVA_INT, RATE + 36, 1 << 9); // zeroReorderDelay, no look-ahead, no adaptive quantisation
        config.set(JAVA_BYTE, RATE + 92, (byte) 1); // lowDelayKeyFrameScale: a key frame is no larger than others
        config.set(JAVA_INT, RATE + 100, TWO_PASSES_QUARTER);
    }

    private void describeCodec(NvencCodec codec, int references, ApiVersion api) {
        MemorySegment own = config.asSlice(CODEC);
        boolean depthsAreWords = api.atLeast(ApiVersion.V12_2);
        switch (codec) {
            case H264 -> describeH264(own, references, depthsAreWords);
            case HEVC -> describeHevc(own, references, depthsAreWords);
            case AV1 -> describeAv1(own, references, depthsAreWords);
        }
    }

    private static void describeH264(MemorySegment own, int references, boolean depthsAreWords) {
        own.set(JAVA_INT, 0, 1 << 12); // repeatSPSPPS: with each key frame
        own.set(JAVA_INT, 4, 0); // the level that fits
        own.set(JAVA_INT, 8, NEVER); // idrPeriod
        own.set(JAVA_INT, 44, CABAC);
        own.set(JAVA_INT, 60, references);
        own.set(JAVA_INT, 64, NUMBER_OF_SLICES);
        own.set(JAVA_INT, 68, 1);
        describeColours(own.asSlice(72));
        own.set(JAVA_INT, 192, CHROMA_420);
        own.set(JAVA_INT, 204, 1); // numRefL0: kept are many, referred to is one
        if (depthsAreWords) {
            own.set(JAVA_INT, 212, BITS);
            own.set(JAVA_INT, 216, BITS);
        }
    }

    private static void describeHevc(MemorySegment own, int references, boolean depthsAreWords) {
        own.set(JAVA_INT, 0, 0);
        own.set(JAVA_INT, 16, (1 << 7) | (CHROMA_420 << 9)); // repeatSPSPPS
        own.set(JAVA_INT, 20, NEVER);
        own.set(JAVA_INT, 32, references);
        own.set(JAVA_INT, 52, NUMBER_OF_SLICES);
        own.set(JAVA_INT, 56, 1);
        describeColours(own.asSlice(64));
        own.set(JAVA_INT, 184, 1);
        if (depthsAreWords) {
            own.set(JAVA_INT, 200, BITS);
            own.set(JAVA_INT, 204, BITS);
        }
    }

    /** The level stays the preset's: there 0 is level 2.0, and not the one that fits. */
    private static void describeAv1(MemorySegment own, int references, boolean depthsAreWords) {
        own.set(JAVA_INT, 16, (1 << 5) | (CHROMA_420 << 7)); // repeatSeqHdr; no Annex B
        own.set(JAVA_INT, 20, NEVER);
        own.set(JAVA_INT, 32, references);
        own.set(JAVA_INT, 68, BT709);
        own.set(JAVA_INT, 72, BT709);
        own.set(JAVA_INT, 76, BT709);
        own.set(JAVA_INT, 80, 0); // limited range
        if (depthsAreWords) {
            own.set(JAVA_INT, 112, BITS);
            own.set(JAVA_INT, 116, BITS);
        }
    }

    /** BT.709, limited range; and that no picture waits for a later one, without which decoders hold pictures back. */
    private static void describeColours(MemorySegment vui) {
        vui.set(JAVA_INT, 8, 1);
        vui.set(JAVA_INT, 12, FORMAT_UNSPECIFIED);
        vui.set(JAVA_INT, 16, 0);
        vui.set(JAVA_INT, 20, 1);
        vui.set(JAVA_INT, 24, BT709);
        vui.set(JAVA_INT, 28, BT709);
        vui.set(JAVA_INT, 32, BT709);
        vui.set(JAVA_INT, 48, 1);
    }

    MemorySegment initialize() {
        return initialize;
    }

    /** The same stream at another rate; without a key frame. */
    MemorySegment retarget(Bitrate bitrate) {
        int bits = Math.toIntExact(bitrate.bitsPerSecond());
        int picture = Math.max(1, bits / rate.perSecond());
        config.set(JAVA_INT, RATE + 20, bits);
        config.set(JAVA_INT, RATE + 24, bits);
        config.set(JAVA_INT, RATE + 28, buffers ? picture : 0);
        config.set(JAVA_INT, RATE + 32, buffers ? picture : 0);
        return reconfigure;
    }
}
