// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli.gpu;

import java.util.Locale;

/** What is checked, in order: what others stand on comes first. The names are part of the command's JSON. */
public enum GpuCheck {
    LIBRARY_ML,
    LIBRARY_CUDA,
    LIBRARY_ENCODE,
    LIBRARY_FBC,
    NVML_FIGURES,
    NVML_XID,
    CUDA_DEVICES,
    CUDA_KERNEL,
    NVENC_INSTANCE,
    NVENC_SESSION,
    NVENC_CAPS,
    H264_PICTURES,
    H264_KEY_FRAME,
    H264_RATE,
    H264_LOSS,
    HEVC_PICTURES,
    HEVC_KEY_FRAME,
    HEVC_RATE,
    HEVC_LOSS,
    AV1_PICTURES,
    AV1_KEY_FRAME,
    AV1_RATE,
    AV1_LOSS,
    NVENC_COLOURS,
    NVENC_SPEED_1080P60,
    NVENC_SPEED_2160P60,
    NVENC_SESSIONS,
    WORKER_RESTART,
    NVENC_SOAK,
    NVDEC,
    NVFBC_INSTANCE,
    NVFBC_PIXELS,
    NVFBC_RESIZE;

    /** As people and programs read it. */
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
