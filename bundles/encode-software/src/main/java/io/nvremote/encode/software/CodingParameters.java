// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;
import io.nvremote.media.Size;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * {@code SEncParamExt} of {@code codec_app_def.h}, openh264 2.3, on a 64-bit machine: filled by openh264 first, then described
 * where it is not to be what that takes by itself. It is handed over again while the coder runs, so it must always hold the
 * rate in force.
 */
final class CodingParameters {

    private static final long BYTES = 920;

    /** {@code sSpatialLayers[0]}, the only layer. */
    private static final long LAYER = 32;

    private static final long LAYER_BYTES = 200;

    private final MemorySegment all = Arena.ofAuto().allocate(BYTES, Long.BYTES);

    MemorySegment memory() {
        return all;
    }

    void describe(Size size, FrameRate rate, Bitrate bitrate, int threads) {
        all.set(JAVA_INT, 4, size.width() & ~1);
        all.set(JAVA_INT, 8, size.height() & ~1);
        all.set(JAVA_INT, 16, 1); // iRCMode: RC_BITRATE_MODE
        all.set(JAVA_FLOAT, 20, rate.perSecond());
        all.set(JAVA_INT, 24, 1); // temporal layers
        all.set(JAVA_INT, 28, 1); // spatial layers
        describeLayer(all.asSlice(LAYER, LAYER_BYTES), size, rate, threads);
        rate(Math.toIntExact(bitrate.bitsPerSecond()));
        all.set(JAVA_INT, 836, 0); // uiIntraPeriod: key frames are asked for
        all.set(JAVA_INT, 844, 0); // eSpsPpsIdStrategy: CONSTANT_ID
        all.set(JAVA_INT, 856, 0); // iEntropyCodingModeFlag: CAVLC, as the baseline profile has it
        all.set(JAVA_BOOLEAN, 860, false); // bEnableFrameSkip
        all.set(JAVA_SHORT, 892, (short) threads);
        all.set(JAVA_INT, 896, 0); // iLoopFilterDisableIdc
        all.set(JAVA_BOOLEAN, 908, false); // bEnableDenoise
        // bEnableBackgroundDetection: saves a fifth of the work, but what does not change would never get sharper than
        // it is
        all.set(JAVA_BOOLEAN, 909, false);
    }

    /** {@code SSpatialLayerConfig}. */
    private static void describeLayer(MemorySegment layer, Size size, FrameRate rate, int slices) {
        layer.set(JAVA_INT, 0, size.width() & ~1);
        layer.set(JAVA_INT, 4, size.height() & ~1);
        layer.set(JAVA_FLOAT, 8, rate.perSecond());
        layer.set(JAVA_INT, 20, 66); // PRO_BASELINE
        layer.set(JAVA_INT, 32, slices > 1 ? 1 : 0); // uiSliceMode: SM_FIXEDSLCNUM_SLICE or SM_SINGLE_SLICE
        layer.set(JAVA_INT, 36, slices);
        layer.set(JAVA_BOOLEAN, 184, true); // bVideoSignalTypePresent
        layer.set(JAVA_BYTE, 185, (byte) 5); // VF_UNDEF
        layer.set(JAVA_BOOLEAN, 186, false); // bFullRange
        layer.set(JAVA_BOOLEAN, 187, true); // bColorDescriptionPresent
        layer.set(JAVA_BYTE, 188, (byte) 1); // CP_BT709
        layer.set(JAVA_BYTE, 189, (byte) 1); // TRC_BT709
        layer.set(JAVA_BYTE, 190, (byte) 1); // CM_BT709
    }

    /** The same rate for the whole and its only layer, as what it aims at and what it may not exceed. */
    void rate(int bitsPerSecond) {
        all.set(JAVA_INT, 12, bitsPerSecond); // iTargetBitrate
        all.set(JAVA_INT, 864, bitsPerSecond); // iMaxBitrate
        all.set(JAVA_INT, LAYER + 12, bitsPerSecond); // iSpatialBitrate
        all.set(JAVA_INT, LAYER + 16, bitsPerSecond); // iMaxSpatialBitrate
    }

    /** What the layer is coded with while the rate is not controlled. */
    void quantiser(int qp) {
        all.set(JAVA_INT, LAYER + 28, qp); // iDLayerQp
    }
}
